// Answers questions about session cookies with the real packages. One JSON object a line in, one a
// line out:
//
//   {"package": "next-auth" | "@auth/core", "action": "encode" | "token" | "session",
//    "secret": "…", "url": "https://…", "claims"?: {…}, "cookie"?: "…", "authorization"?: "…"}
//
// "encode" mints a token, "token" is what `getToken` says of the request, "session" asks the
// package's own handler for `GET session` and gives body and Set-Cookie lines.

import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { Auth } from "@auth/core";
import * as authJs from "@auth/core/jwt";

const require = createRequire(import.meta.url);
const nextAuth = require("next-auth/jwt");
// The handler that every framework's entry of next-auth 4 calls; it is not exported.
const { AuthHandler } = require("./node_modules/next-auth/core/index.js");
// The parser that next-auth itself uses.
const cookies = createRequire(require.resolve("next-auth/jwt"))("cookie");

const silent = { error() {}, warn() {}, debug() {} };
const prefix = ({ url }) => (url.startsWith("https:") ? "__Secure-" : "");
const salt = (question) => `${prefix(question)}authjs.session-token`;

function headers({ cookie, authorization }) {
  const all = { cookie, authorization };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

const answers = {
  "next-auth": {
    encode: async ({ claims, secret }) => nextAuth.encode({ token: claims, secret }),
    token: async (question) =>
      nextAuth.getToken({
        req: { cookies: cookies.parse(question.cookie ?? ""), headers: headers(question) },
        secret: question.secret,
        secureCookie: prefix(question) !== "",
        logger: silent,
      }),
    async session({ cookie, secret, url }) {
      process.env.NEXTAUTH_URL = url;
      const reply = await AuthHandler({
        req: {
          action: "session",
          method: "GET",
          cookies: cookies.parse(cookie ?? ""),
          headers: { host: new URL(url).host },
          query: {},
        },
        options: { secret, providers: [], logger: silent, session: { strategy: "jwt" } },
      });
      const lines = (reply.cookies ?? []).map(({ name, value, options }) =>
        cookies.serialize(name, value, options),
      );
      return { body: reply.body, cookies: lines };
    },
  },
  "@auth/core": {
    encode: async (question) =>
      authJs.encode({ token: question.claims, secret: question.secret, salt: salt(question) }),
    token: async (question) =>
      authJs.getToken({
        req: { headers: headers(question) },
        secret: question.secret,
        secureCookie: prefix(question) !== "",
        logger: silent,
      }),
    async session({ cookie, secret, url }) {
      const request = new Request(`${url}/api/auth/session`, { headers: headers({ cookie }) });
      const reply = await Auth(request, {
        secret,
        basePath: "/api/auth",
        providers: [],
        trustHost: true,
        logger: silent,
        session: { strategy: "jwt" },
      });
      return { body: await reply.json(), cookies: reply.headers.getSetCookie() };
    },
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line);
  let answer;
  try {
    answer = { ok: (await answers[question.package][question.action](question)) ?? null };
  } catch (error) {
    answer = { error: String(error?.stack ?? error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
