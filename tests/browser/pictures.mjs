// The pictures of the README: node pictures.mjs

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchBrowser, openVisitor } from './browser.mjs';
import { Programs } from './programs.mjs';
import { freePort } from './server.mjs';

const BUILT = fileURLToPath(new URL('../../target/debug/typegate', import.meta.url));
const FOLDER = fileURLToPath(new URL('../../docs/pictures', import.meta.url));

const port = await freePort();
const provider = (type) => `
  [[providers]]
  type = "${type}"
  client_id = "client"
  client_secret = { env = "CLIENT_SECRET" }`;
const configuration = `
  url = "http://localhost:${port}"
  secret = { env = "NEXTAUTH_SECRET" }
  server = { address = "127.0.0.1:${port}" }
  session = { strategy = "jwt" }
  theme = { site_name = "Acme" }
  ${['github', 'google', 'gitlab', 'discord'].map(provider).join('')}
  [[providers]]
  type = "credentials"
  name = "a password"
  endpoint = "http://localhost:${port}/authorize"
  fields = [
    { key = "username", label = "User name" },
    { key = "password", label = "Password", type = "password" },
  ]`;

const folder = await mkdtemp(join(tmpdir(), 'pictures-'));
const file = join(folder, 'auth.toml');
await writeFile(file, configuration);
await mkdir(FOLDER, { recursive: true });
const programs = new Programs();
const browser = await launchBrowser();
try {
  const env = { NEXTAUTH_SECRET: 'of a picture: nobody signs in here', CLIENT_SECRET: 'none' };
  await programs.start(process.env.TYPEGATE || BUILT, ['serve', '--config', file], {
    env,
    ready: /listening on/,
  });
  for (const colorScheme of ['light', 'dark']) {
    const { context } = await openVisitor(browser, {
      colorScheme,
      viewport: { width: 560, height: 590 },
    });
    const page = await context.newPage();
    await page.goto(`http://localhost:${port}/api/auth/signin`);
    await page.evaluate(() => document.activeElement.blur());
    await page.screenshot({ path: join(FOLDER, `sign-in-${colorScheme}.png`) });
    await context.close();
  }
} finally {
  await browser.close();
  await programs.stop();
  await rm(folder, { recursive: true, force: true });
}
