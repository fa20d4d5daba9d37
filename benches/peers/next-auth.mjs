// The real next-auth behind Node's HTTP server, by the resolver that Next.js has for API routes.
// Prints its address when it listens. The packages are those of tests/compat/reference.

import { createServer } from "node:http";
import { createRequire } from "node:module";

const require = createRequire(new URL("../../tests/compat/reference/", import.meta.url));
process.env.NODE_ENV = "production";
process.env.NEXTAUTH_URL = "http://localhost:3000";
const NextAuth = require("next-auth").default;
const Credentials = require("next-auth/providers/credentials").default;
const { apiResolver } = require("next/dist/server/api-utils/node/api-resolver");

const options = {
  secret: "a secret for benches, long enough for all of us",
  session: { strategy: "jwt" },
  providers: [
    Credentials({
      credentials: {},
      authorize: () => ({ id: "1", name: "Ada Lovelace", email: "ada@example.com" }),
    }),
  ],
};
const handler = (request, response) => NextAuth(request, response, options);
const secret = "0".repeat(32);
const preview = {
  previewModeId: secret,
  previewModeSigningKey: secret,
  previewModeEncryptionKey: secret,
};

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, process.env.NEXTAUTH_URL);
  const query = { nextauth: pathname.split("/").slice(3) };
  const route = "/api/auth/[...nextauth]";
  apiResolver(request, response, query, { default: handler }, preview, false, false, route);
});
server.listen(0, "127.0.0.1", () => console.log(`127.0.0.1:${server.address().port}`));
