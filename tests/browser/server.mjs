// Runs an example on free ports, with an empty database.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const BUILT = fileURLToPath(new URL('../../target/debug/examples', import.meta.url));
const PATIENCE = 20_000;

/** A port that nobody listens on at this moment. */
export async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

/**
 * Starts the quickstart. Without `issuer` people sign in at its own development provider.
 * `port` is given where an identity provider had to know the address beforehand.
 */
export function startQuickstart({ port, issuer = '' } = {}) {
  return startExample('quickstart', { port, issuer });
}

/** Starts the example with React; its page must have been bundled. */
export function startReact() {
  return startExample('react', {});
}

/** Where cargo put an example. */
export function example(name) {
  const binary = join(process.env.EXAMPLES || BUILT, name);
  if (!existsSync(binary)) {
    throw new Error(`${binary} is missing: run "cargo build --example ${name}" first`);
  }
  return binary;
}

async function startExample(name, { port, issuer = '' }) {
  const binary = example(name);
  port ??= await freePort();
  const providerPort = await freePort();
  const site = `http://localhost:${port}`;
  const folder = await mkdtemp(join(tmpdir(), `${name}-`));
  // Nothing of this shell's environment: a NEXTAUTH_SECRET or a proxy would change what is tested.
  const child = spawn(binary, [], {
    cwd: folder,
    env: {
      PORT: String(port),
      PROVIDER_PORT: String(providerPort),
      NEXTAUTH_URL: site,
      OIDC_ISSUER: issuer,
      DATABASE_URL: `sqlite://${join(folder, `${name}.db`)}`,
      BUNDLE: process.env.BUNDLE || '',
      NO_COLOR: '1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Whoever interrupts the tests leaves no server behind.
  const killIt = () => child.kill();
  process.once('exit', killIt);
  let log = '';
  let isDown = false;
  child.stdout.on('data', (text) => (log += text));
  child.stderr.on('data', (text) => (log += text));
  const exit = new Promise((resolve) => {
    child.once('error', (error) => resolve((log += error)));
    child.once('exit', resolve);
  }).then(() => (isDown = true));

  const stop = async () => {
    child.kill();
    await exit;
    process.off('exit', killIt);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await answer(site, () => isDown);
  } catch (error) {
    await stop();
    throw new Error(`the example did not start: ${error.message}\n${log}`);
  }
  return {
    site,
    provider: issuer || `http://localhost:${providerPort}`,
    log: () => log,
    isRunning: () => !isDown,
    stop,
  };
}

async function answer(site, isDown) {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    if (isDown()) throw new Error('it ended');
    try {
      // By number: some systems try ::1 first for the name, where nobody listens.
      const reply = await fetch(site.replace('localhost', '127.0.0.1'));
      if (reply.ok) return;
      throw new Error(`it answers ${reply.status}`);
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await delay(20);
    }
  }
}
