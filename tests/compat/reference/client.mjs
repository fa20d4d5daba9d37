// What do the functions of the real next-auth/react ask a site, and what do they make of it?
//
//   node client.mjs http://localhost:…
//
// prints every request, navigation and result, without random values. In the browser's place
// stand a cookie jar behind `fetch` and a `location` that goes nowhere.

import { createRequire } from "node:module";
import { inspect } from "node:util";

const require = createRequire(import.meta.url);
const site = process.argv[2];
process.env.NEXTAUTH_URL = `${site}/api/auth`;
const jar = new Map();
const random = /[0-9a-f]{64}|(?<==)[\w-]{43}(?![\w-])/g;
// typegate adds the key of an attempt to the names of check cookies (R186): it is taken off, so that
// all else of the names is compared.
const attempt = /\.[0-9a-f]{16}$/;
const cookies = () => [...new Set([...jar.keys()].map((name) => name.replace(attempt, "")))].sort();
const say = (...words) => console.log(words.join(" ").replace(random, "<random>"));

const { fetch } = globalThis;
globalThis.fetch = async (url, options = {}) => {
  const method = (options.method ?? "GET").toUpperCase();
  const headers = new Headers(options.headers);
  if (jar.size > 0) headers.set("cookie", [...jar].map((pair) => pair.join("=")).join("; "));
  const target = new URL(url, site);
  const response = await fetch(target, { ...options, method, headers, redirect: "manual" });
  for (const line of response.headers.getSetCookie()) {
    const [pair, ...attributes] = line.split("; ");
    const [name] = pair.split("=", 1);
    if (attributes.includes("Max-Age=0")) jar.delete(name);
    else jar.set(name, pair.slice(name.length + 1));
  }
  const type = headers.get("content-type") ?? "";
  say("  asks", method, target.pathname + target.search, type, String(options.body ?? ""));
  say("  gets", response.status, cookies().join(" "));
  return response;
};

let href;
globalThis.window = {
  addEventListener() {},
  removeEventListener() {},
  location: {
    get href() {
      return href;
    },
    set href(target) {
      say("  goes to", target);
      href = new URL(target, site).href;
    },
    reload: () => say("  reloads"),
  },
};
globalThis.localStorage = { setItem() {} };

const client = require("next-auth/react");

async function call(name, ...args) {
  href = `${site}/page`;
  say(`${name}(${args.map((arg) => JSON.stringify(arg)).join(", ")})`);
  try {
    const result = await client[name](...args);
    // When a session ends depends on when this runs.
    if (result?.expires) result.expires = "<a date>";
    say("  is", inspect(result, { breakLength: Infinity, depth: 5, sorted: true }));
    return result;
  } catch (error) {
    say("  fails", error.message);
  }
}

const login = { username: "jsmith", password: "1234" };
const wrong = { ...login, password: "nope" };
const providers = await call("getProviders");
await call("getCsrfToken");
await call("getSession");
await call("signIn", "credentials", { ...wrong, redirect: false });
await call("signIn", "credentials", { ...login, redirect: false, callbackUrl: `${site}/dash` });
await call("getSession");
await call("signOut", { redirect: false, callbackUrl: "/bye" });
await call("getSession");
await call("signIn", "credentials", wrong);
await call("signIn", "credentials", { ...login, callbackUrl: "/next" });
await call("getSession");
await call("signIn", "oidc", {}, { prompt: "login" });
await call("signIn", "oauth2", { callbackUrl: "https://evil.example/" });
await call("signIn");
await call("signIn", undefined, { callbackUrl: "/next" });
await call("signIn", "unknown");
await call("signOut");
await call("signOut", { callbackUrl: "/bye" });
if (providers?.email) {
  await call("signIn", "email", { redirect: false, email: "a@example.com" });
  await call("signIn", "email", { redirect: false, email: "bad" });
  await call("signIn", "email", { email: "a@example.com", callbackUrl: "/next" });
}
