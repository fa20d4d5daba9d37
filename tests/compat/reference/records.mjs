// What did next-auth tell and ask the application? In order, as JSON: a date is {"@date": …}, an
// error {"@error": its name}; what is undefined is left out.

import { isDate } from "./clock.mjs";

let records = [];

export const all = () => records;

export function forget() {
  records = [];
}

export function add(kind, name, args) {
  records.push({ n: records.length + 1, kind, name, args: plain(args) ?? null });
}

function plain(value) {
  if (value instanceof Error) return { "@error": value.name };
  if (isDate(value)) return { "@date": value.toISOString() };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "function") return undefined;
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [name, plain(member)]);
  return Object.fromEntries(members.filter(([, member]) => member !== undefined));
}
