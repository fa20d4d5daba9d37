// examples/nextjs as it is deployed, `next build` and `next start`, with `typegate serve` beside it.

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Programs } from './programs.mjs';
import { freePort } from './server.mjs';

const EXAMPLE = fileURLToPath(new URL('../../examples/nextjs', import.meta.url));
/** What the example gives typegate. */
export const CONFIGURATION = join(EXAMPLE, 'auth.toml');
const NEXT = join(EXAMPLE, 'node_modules/next/dist/bin/next');
const BUILT = fileURLToPath(new URL('../../target/debug/typegate', import.meta.url));

/** Builds the application and starts both; `issuer` is where people sign in. */
export async function startNextJs({ port, issuer }) {
  const site = `http://localhost:${port}`;
  const typegatePort = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'nextjs-'));
  const env = {
    PATH: process.env.PATH,
    NEXTAUTH_URL: site,
    NEXTAUTH_SECRET: 'for this test only, known to everybody who reads it',
    TYPEGATE_ADDRESS: `127.0.0.1:${typegatePort}`,
    TYPEGATE_URL: `http://127.0.0.1:${typegatePort}`,
    AUTHORIZE_ENDPOINT: `${site}/api/authorize`,
    AUTHORIZE_SECRET: 'known to the application and to typegate',
    DATABASE_URL: `sqlite://${join(folder, 'auth.db')}`,
    OIDC_ISSUER: issuer,
    OIDC_CLIENT_ID: 'client',
    OIDC_CLIENT_SECRET: 's3cr3t',
    NEXT_TELEMETRY_DISABLED: '1',
    NO_COLOR: '1',
  };
  await promisify(execFile)(process.execPath, [NEXT, 'build'], { cwd: EXAMPLE, env });

  const programs = new Programs();
  const start = (program, args, ready) => programs.start(program, args, { cwd: EXAMPLE, env, ready });
  const stop = async () => {
    await programs.stop();
    await rm(folder, { recursive: true, force: true });
  };

  const typegate = (configuration) =>
    start(
      process.env.TYPEGATE || BUILT,
      ['serve', '--verbose', '--config', configuration],
      /listening on/,
    );
  try {
    let end = await typegate(CONFIGURATION);
    /** Until Next.js has given up each connection to the process that ended. */
    const isThrough = async () => {
      const ask = async () => {
        const answer = await fetch(`${site}/api/auth/providers`).catch(() => undefined);
        return Boolean(answer?.ok && (await answer.json()));
      };
      for (let tries = 0; tries < 10; tries += 1) {
        const answers = await Promise.all(Array.from({ length: 12 }, ask));
        if (answers.every(Boolean)) return;
      }
      throw new Error(`Next.js does not reach typegate:\n${programs.log()}`);
    };
    await start(
      process.execPath,
      [NEXT, 'start', '--hostname', '127.0.0.1', '--port', String(port)],
      /Ready in/,
    );
    return {
      site,
      provider: issuer,
      log: () => programs.log(),
      isRunning: () => programs.count() === 2,
      /** Runs `during` while typegate is down, or has the configuration of that text. */
      async reconfigured(text, during) {
        const exchange = async (configuration) => {
          await end();
          if (configuration) end = await typegate(configuration);
        };
        const other = text && join(folder, 'other.toml');
        if (text) await writeFile(other, text);
        await exchange(other);
        if (text) await isThrough();
        try {
          await during();
        } finally {
          await exchange(CONFIGURATION);
        }
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
