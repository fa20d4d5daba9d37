// An adapter in memory that records its calls, lacks methods and fails on command.

import * as records from "./records.mjs";

const empty = () => ({ sequence: 0, users: [], accounts: [], sessions: [], tokens: [] });
let rows = empty();

export function reset() {
  rows = empty();
}

export function seed(further) {
  for (const [table, added] of Object.entries(further)) {
    for (const row of added) {
      for (const column of ["expires", "emailVerified"]) {
        if (row[column]) row[column] = new Date(row[column]);
      }
      rows[table].push(row);
    }
  }
}

const copy = (row) => (row ? { ...row } : null);
const take = (table, matches) => {
  const index = rows[table].findIndex(matches);
  return index < 0 ? null : rows[table].splice(index, 1)[0];
};
const change = (row, values) => copy(row && Object.assign(row, values));
const insert = (table, row) => {
  rows[table].push({ ...row });
  return { ...row };
};
const userBy = (matches) => copy(rows.users.find(matches));

const methods = {
  createUser(user) {
    const row = { id: `user-${++rows.sequence}`, ...user };
    // As a table has it: what is not said is null.
    for (const column of ["name", "email", "emailVerified", "image"]) row[column] ??= null;
    return insert("users", row);
  },
  getUser: (id) => userBy((user) => user.id === id),
  getUserByEmail: (email) => userBy((user) => user.email === email),
  getUserByAccount({ provider, providerAccountId }) {
    const account = rows.accounts.find(
      (row) => row.provider === provider && row.providerAccountId === providerAccountId,
    );
    return account ? methods.getUser(account.userId) : null;
  },
  updateUser: (values) => change(rows.users.find((user) => user.id === values.id), values),
  linkAccount: (account) => insert("accounts", account),
  createSession: (session) => insert("sessions", session),
  getSessionAndUser(token) {
    const session = copy(rows.sessions.find((row) => row.sessionToken === token));
    const user = session && methods.getUser(session.userId);
    return user ? { session, user } : null;
  },
  updateSession: (values) =>
    change(rows.sessions.find((row) => row.sessionToken === values.sessionToken), values),
  deleteSession: (token) => take("sessions", (row) => row.sessionToken === token),
  createVerificationToken: (token) => insert("tokens", token),
  useVerificationToken: ({ identifier, token }) =>
    take("tokens", (row) => row.token === token && row.identifier === identifier),
};

export function adapter(behaviour) {
  const present = Object.entries(methods).filter(
    ([name]) => !behaviour.adapterMissing?.includes(name),
  );
  const recorded = present.map(([name, method]) => [
    name,
    async (...args) => {
      records.add("adapter", name, args);
      const failure = behaviour.adapterFail?.[name];
      if (failure) throw new Error(failure);
      return method(...args);
    },
  ]);
  return Object.fromEntries(recorded);
}
