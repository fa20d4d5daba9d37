// From a profile and the behaviour of the moment to next-auth's options.

import { createRequire } from "node:module";
import { adapter } from "./adapter.mjs";
import { providers } from "./providers.mjs";
import * as records from "./records.mjs";

const require = createRequire(import.meta.url);
// Not exported; it has to be recorded and yet do what it does by default.
const { defaultCallbacks } = require("./node_modules/next-auth/core/lib/default-callbacks.js");

const profiles = {
  jwt: { strategy: "jwt", ids: ["credentials", "oidc", "oauth2", "oauth1"] },
  "jwt-adapter": {
    strategy: "jwt",
    ids: ["credentials", "email", "oidc", "oauth2", "oauth1"],
    withAdapter: true,
  },
  // Credentials together with database sessions do not compile with typegate.
  db: { strategy: "database", ids: ["email", "oidc", "oauth2", "oauth1"], withAdapter: true },
};
const events = ["signIn", "signOut", "createUser", "updateUser", "linkAccount", "session"];

export function options(profile, issuer, behaviour) {
  const { strategy, ids, withAdapter } = profiles[profile];
  const available = providers(issuer, behaviour);
  const built = {
    providers: (behaviour.providers ?? ids).map((id) => available[id]()),
    secret: "the secret of the comparison, long enough",
    session: { strategy, ...behaviour.session },
    pages: behaviour.pages ?? {},
    callbacks: {
      signIn: callback("signIn", behaviour.signIn, () => true),
      redirect: callback("redirect", behaviour.redirect, defaultCallbacks.redirect),
      jwt: callback("jwt", behaviour.jwt, ({ token }) => token),
      session: callback("session", behaviour.sessionCallback, ({ session }) => session),
    },
    events: Object.fromEntries(events.map((name) => [name, handler(name, behaviour)])),
    logger: {
      error: (code, metadata) => records.add("log.error", code, metadata),
      warn: (code) => records.add("log.warn", code),
      debug() {},
    },
    ...(withAdapter ? { adapter: adapter(behaviour) } : {}),
  };
  for (const [name, value] of Object.entries(behaviour.options ?? {})) {
    if (value === null) delete built[name];
    else built[name] = value;
  }
  return built;
}

function callback(name, reaction, byDefault) {
  return (args) => {
    records.add("callback", name, args);
    const { mode, value } = reaction ?? {};
    switch (mode) {
      case undefined:
        return byDefault(args);
      case "throw":
        throw new Error(value);
      case "merge":
        return { ...byDefault(args), ...value };
      case "false":
        return false;
      default:
        return value;
    }
  };
}

function handler(name, { eventFail }) {
  return async (message) => {
    records.add("event", name, message);
    if (eventFail?.[name]) throw new Error(eventFail[name]);
  };
}
