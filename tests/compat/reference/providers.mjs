// The same people, clients and endpoints as in examples/compat/server/providers.rs.

import { createRequire } from "node:module";
import * as records from "./records.mjs";

const require = createRequire(import.meta.url);
const Credentials = require("next-auth/providers/credentials").default;

export const mails = [];

export function providers(issuer, behaviour) {
  const options = (id, own) => ({ ...own, ...behaviour.providerOptions?.[id] });
  const recorded = (id, map) => (profile, tokens) => {
    records.add("profile", id, { p: profile, tokens });
    return map(profile);
  };
  return {
    credentials() {
      const provider = Credentials({
        name: "Credentials",
        credentials: {
          username: { label: "Username", type: "text" },
          password: { label: "Password", type: "password" },
        },
        authorize(form) {
          records.add("authorize", "credentials", { creds: form });
          return authorize(form);
        },
      });
      if (behaviour.noAuthorize) {
        delete provider.authorize;
        delete provider.options.authorize;
      }
      return provider;
    },
    // As next-auth/providers/email has it, without the mailer that it imports.
    email: () => ({
      id: "email",
      type: "email",
      name: "Email",
      from: "no-reply@example.com",
      maxAge: 24 * 60 * 60,
      sendVerificationRequest({ identifier, url, expires }) {
        const mail = { identifier, url, expires, providerId: "email" };
        records.add("mail", "sendVerificationRequest", mail);
        if (behaviour.mailFail) throw new Error(behaviour.mailFail);
        mails.push(mail);
      },
      options: options("email"),
    }),
    oidc: () => ({
      id: "oidc",
      name: "Oidc",
      type: "oauth",
      wellKnown: `${issuer}/.well-known/openid-configuration`,
      authorization: { params: { scope: "openid email profile" } },
      idToken: true,
      checks: ["pkce", "state", "nonce"],
      profile: recorded("oidc", ({ sub, name, email, picture }) => {
        if (behaviour.profileThrow) throw new Error(behaviour.profileThrow);
        return behaviour.profileNoId ? { name } : { id: sub, name, email, image: picture };
      }),
      options: options("oidc", { clientId: "client", clientSecret: "s3cr3t" }),
    }),
    oauth2: () => ({
      id: "oauth2",
      name: "Plain OAuth",
      type: "oauth",
      authorization: `${issuer}/authorize?scope=read:user&foo=bar%20baz`,
      token: `${issuer}/token-plain`,
      userinfo: `${issuer}/userinfo?ui=1`,
      profile: recorded("oauth2", ({ id, name, email, avatar }) => ({
        id: String(id),
        name,
        email,
        image: avatar,
      })),
      options: options("oauth2", { clientId: "cli ent:1", clientSecret: "s3c+r/t &é!" }),
    }),
    oauth1: () => ({
      id: "oauth1",
      name: "Legacy",
      type: "oauth",
      version: "1.0A",
      requestTokenUrl: `${issuer}/oauth1/request_token`,
      authorization: `${issuer}/oauth1/authenticate`,
      accessTokenUrl: `${issuer}/oauth1/access_token`,
      profileUrl: `${issuer}/oauth1/profile?include_email=true`,
      profile: recorded("oauth1", ({ id_str, name, email }) => ({ id: id_str, name, email })),
      options: options("oauth1", { clientId: "ck", clientSecret: "cs" }),
    }),
  };
}

function authorize({ username, password }) {
  const people = {
    jsmith: () =>
      password === "1234"
        ? {
            id: "1",
            name: "J Smith",
            email: "jsmith@example.com",
            image: "https://example.com/j.png",
          }
        : null,
    min: () => ({ id: "7" }),
    noid: () => ({ name: "No Id" }),
    big: () => ({ id: "big", name: "x".repeat(Number(password)) }),
    throw() {
      throw new Error(password);
    },
  };
  return people[username]?.() ?? null;
}
