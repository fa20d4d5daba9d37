// The real next-auth behind a plain HTTP server, with the control endpoints of examples/compat.
//
//   PROFILE=db|jwt|jwt-adapter ISSUER=http://127.0.0.1:… node server.mjs
//
// listens on a free port and prints "ready http://localhost:…". Requests go through the resolver
// that Next.js has for API routes, so reading bodies and writing answers are the framework's own.
// It has no access control: for tests only.

import { setTime } from "./clock.mjs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import * as adapter from "./adapter.mjs";
import * as records from "./records.mjs";

const require = createRequire(import.meta.url);
const { PROFILE, ISSUER } = process.env;
let behaviour = {};

const server = createServer(async (request, response) => {
  const url = new URL(request.url, "http://localhost");
  try {
    if (url.pathname.startsWith("/__oracle/")) await control(request, response, url);
    else await authenticate(request, response, url);
  } catch (error) {
    // A framework would answer 500.
    records.add("uncaught", error?.name ?? "", error);
    if (!response.headersSent) response.statusCode = 500;
    response.end("Internal Server Error");
  }
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const site = `http://localhost:${server.address().port}`;
locate({});
process.env.NODE_ENV = "production";
// They read the environment when they are loaded.
const NextAuth = require("next-auth").default;
const { apiResolver } = require("next/dist/server/api-utils/node/api-resolver");
const { options } = await import("./options.mjs");
const { mails } = await import("./providers.mjs");
console.log(`ready ${site}`);

// Where the site is, and below which path its routes are: read at every request.
function locate({ url = site, trustHost }) {
  delete process.env.NEXTAUTH_URL;
  delete process.env.AUTH_TRUST_HOST;
  if (trustHost) process.env.AUTH_TRUST_HOST = "true";
  else process.env.NEXTAUTH_URL = url;
}

async function authenticate(request, response, { pathname, searchParams }) {
  const segments = pathname.slice((behaviour.path ?? "/api/auth").length).split("/").filter(Boolean);
  const query = {};
  for (const name of new Set(searchParams.keys())) {
    const values = searchParams.getAll(name);
    query[name] = values.length > 1 ? values : values[0];
  }
  if (segments.length > 0) query.nextauth = segments.map(decodeURIComponent);
  const handler = (req, res) => NextAuth(req, res, options(PROFILE, ISSUER, behaviour));
  const preview = "0".repeat(32);
  const context = {
    previewModeId: preview,
    previewModeSigningKey: preview,
    previewModeEncryptionKey: preview,
  };
  const route = "/api/auth/[...nextauth]";
  await apiResolver(request, response, query, { default: handler }, context, false, false, route);
}

async function control(request, response, { pathname }) {
  let text = "";
  for await (const piece of request) text += piece;
  const body = JSON.parse(text || "{}");
  const forget = () => {
    records.forget();
    mails.length = 0;
  };
  const actions = {
    "GET records": () => records.all(),
    "GET mails": () => mails,
    "POST clear": forget,
    "POST behaviour"() {
      behaviour = body;
      locate(behaviour);
    },
    "POST seed": () => adapter.seed(body),
    "POST clock": () => setTime(body.now),
    "POST reset"() {
      forget();
      adapter.reset();
      behaviour = {};
      locate(behaviour);
      setTime(undefined);
    },
  };
  const answer = actions[`${request.method} ${pathname.slice("/__oracle/".length)}`]();
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(answer ?? {}));
}
