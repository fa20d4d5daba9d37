// `typegate serve` with many ways to sign in, for a look at its pages.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from './server.mjs';

const BUILT = fileURLToPath(new URL('../../target/debug/typegate', import.meta.url));
const PATIENCE = 20_000;
const SECRET = 'for this test only, known to everybody who reads it';

// Two that have no logo in the catalogue among those that do.
export const BUTTONS = ['google', 'github', 'slack', 'gitlab', 'discord', 'huggingface', 'linkedin'];

const configuration = (site, port, companies) => `
url = "${site}"
secret = { env = "SECRET" }
adapter = { url = "sqlite::memory:" }
session = { strategy = "jwt" }
theme = { site_name = "Acme", brand_color = "#ffd700" }
server = { address = "127.0.0.1:${port}" }

[[providers]]
type = "email"
server = "smtp://127.0.0.1:9"
from = "no-reply@acme.example"

[[providers]]
type = "credentials"
name = "password"
endpoint = "http://127.0.0.1:9/authorize"
fields = [
  { key = "username", label = "User name" },
  { key = "password", label = "Password", type = "password" },
]
${BUTTONS.map((id) => `
[[providers]]
type = "${id}"
client_id = "client"
client_secret = { env = "SECRET" }
`).join('')}
${Array.from({ length: companies }, (_, number) => `
[[providers]]
type = "oidc"
id = "company-${number}"
name = "Company ${number}"
issuer = "https://company-${number}.example"
client_id = "client"
client_secret = { env = "SECRET" }
`).join('')}`;

/** With so many ways in beside the buttons. */
export async function startGallery(companies = 0) {
  const binary = process.env.TYPEGATE || BUILT;
  if (!existsSync(binary)) {
    throw new Error(`${binary} is missing: run "cargo build --features cli --bin typegate" first`);
  }
  const port = await freePort();
  const site = `http://localhost:${port}`;
  const folder = await mkdtemp(join(tmpdir(), 'gallery-'));
  const file = join(folder, 'auth.toml');
  await writeFile(file, configuration(site, port, companies));
  const child = spawn(binary, ['serve', '--config', file], {
    env: { SECRET, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const killIt = () => child.kill();
  process.once('exit', killIt);
  let log = '';
  let isDown = false;
  child.stdout.on('data', (text) => (log += text));
  child.stderr.on('data', (text) => (log += text));
  const exit = once(child, 'exit').then(() => (isDown = true));
  const stop = async () => {
    child.kill();
    await exit;
    process.off('exit', killIt);
    await rm(folder, { recursive: true, force: true });
  };
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    try {
      await fetch(`http://127.0.0.1:${port}/api/auth/csrf`);
      break;
    } catch (error) {
      if (isDown || Date.now() > deadline) {
        await stop();
        throw new Error(`typegate did not start: ${error.message}\n${log}`);
      }
      await delay(20);
    }
  }
  return { site, log: () => log, isRunning: () => !isDown, stop };
}
