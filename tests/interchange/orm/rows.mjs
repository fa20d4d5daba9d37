// Runs methods of NextAuth's adapters for Prisma and Drizzle on a database. One JSON object a line
// in, one a line out:
//
//   {"open": "prisma" | "drizzle", "database": "postgres" | "mysql" | "sqlite",
//    "server": "…", "name": "…", "tables": "CREATE TABLE …"}
//   {"call": "createUser", "with": […]}
//   {"close": true}
//
// `name` is a schema, a database or a file that is made here and dropped in the end. Times are
// milliseconds since 1970.

import { createInterface } from "node:readline";
import { createRequire } from "node:module";
import { DrizzleAdapter } from "@auth/drizzle-adapter";
import { PrismaAdapter } from "@auth/prisma-adapter";
import { createClient } from "@libsql/client";
import { PrismaLibSql } from "@prisma/adapter-libsql";
import { PrismaMariaDb } from "@prisma/adapter-mariadb";
import { PrismaPg } from "@prisma/adapter-pg";
import { drizzle as drizzleLibSql } from "drizzle-orm/libsql";
import { drizzle as drizzleMySql } from "drizzle-orm/mysql2";
import { drizzle as drizzlePg } from "drizzle-orm/node-postgres";
import mysql from "mysql2/promise";
import pg from "pg";

const require = createRequire(import.meta.url);

const databases = {
  async postgres({ server, name, tables }) {
    const outside = new pg.Pool({ connectionString: server });
    await outside.query(`CREATE SCHEMA ${name}`);
    const settings = { connectionString: server, options: `-c search_path=${name}` };
    const pool = new pg.Pool(settings);
    await pool.query(tables);
    return {
      drizzle: () => drizzlePg(pool),
      prisma: () => new PrismaPg(settings, { schema: name }),
      async close() {
        await pool.end();
        await outside.query(`DROP SCHEMA ${name} CASCADE`);
        await outside.end();
      },
    };
  },

  async mysql({ server, name, tables }) {
    const outside = await mysql.createConnection(server);
    await outside.query(`CREATE DATABASE ${name}`);
    const { hostname: host, port, username: user, password } = new URL(server);
    const settings = { host, port: Number(port || 3306), user, password, database: name };
    const pool = mysql.createPool({ ...settings, multipleStatements: true, timezone: "Z" });
    await pool.query(tables);
    return {
      drizzle: () => drizzleMySql(pool),
      prisma: () => new PrismaMariaDb(settings),
      async close() {
        await pool.end();
        await outside.query(`DROP DATABASE ${name}`);
        await outside.end();
      },
    };
  },

  async sqlite({ name, tables }) {
    const url = `file:${name}`;
    const client = createClient({ url });
    await client.executeMultiple(tables);
    return {
      drizzle: () => drizzleLibSql(client),
      prisma: () => new PrismaLibSql({ url }),
      close: async () => client.close(),
    };
  },
};

const adapters = {
  drizzle: (database) => ({ adapter: DrizzleAdapter(database.drizzle()), async close() {} }),
  prisma(database, { database: kind }) {
    const { PrismaClient } = require(`./generated/${kind}/index.js`);
    const client = new PrismaClient({ adapter: database.prisma() });
    return { adapter: PrismaAdapter(client), close: () => client.$disconnect() };
  },
};

const times = ["emailVerified", "expires"];

function withDates(value) {
  if (value === null || typeof value !== "object") return value;
  const dated = ([name, member]) =>
    times.includes(name) && typeof member === "number" ? [name, new Date(member)] : [name, member];
  return Object.fromEntries(Object.entries(value).map(dated));
}

// `JSON.stringify` has made a text of a date before it asks what to make of it.
const withMilliseconds = function (name, value) {
  return this[name] instanceof Date ? this[name].getTime() : value;
};

let database;
let orm;

async function answer(question) {
  if (question.open) {
    database = await databases[question.database](question);
    orm = adapters[question.open](database, question);
    return null;
  }
  if (question.close) {
    await orm.close();
    await database.close();
    return null;
  }
  return (await orm.adapter[question.call](...question.with.map(withDates))) ?? null;
}

for await (const line of createInterface({ input: process.stdin })) {
  let reply;
  try {
    reply = { ok: await answer(JSON.parse(line)) };
  } catch (error) {
    reply = { error: String(error?.stack ?? error) };
  }
  process.stdout.write(`${JSON.stringify(reply, withMilliseconds)}\n`);
}
