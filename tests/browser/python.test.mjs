// examples/python: an application in another language, with a sign-in page of its own.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { visited } from './fixture.mjs';
import { startOpenIdProvider } from './openid_provider.mjs';
import { Programs } from './programs.mjs';
import { freePort } from './server.mjs';
import { leaveAuthPages, sessionCookie } from './steps.mjs';

const EXAMPLE = fileURLToPath(new URL('../../examples/python', import.meta.url));
const BUILT = fileURLToPath(new URL('../../target/debug/typegate', import.meta.url));

let provider;
const on = visited(async () => {
  const port = await freePort();
  const typegatePort = await freePort();
  const site = `http://localhost:${port}`;
  provider = await startOpenIdProvider({ site });
  const programs = new Programs();
  const env = {
    PATH: process.env.PATH,
    NEXTAUTH_URL: site,
    NEXTAUTH_SECRET: 'for this test only, known to everybody who reads it',
    TYPEGATE_ADDRESS: `127.0.0.1:${typegatePort}`,
    TYPEGATE_URL: `http://127.0.0.1:${typegatePort}`,
    AUTHORIZE_ENDPOINT: `http://127.0.0.1:${port}/authorize`,
    AUTHORIZE_SECRET: 'known to the application and to typegate',
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_SECRET: 's3cr3t',
    NO_COLOR: '1',
  };
  const options = { cwd: EXAMPLE, env, ready: /listening on/ };
  try {
    await programs.start(
      process.env.TYPEGATE || BUILT,
      ['serve', '--config', 'auth.toml'],
      options,
    );
    await programs.start('python3', ['app.py'], options);
  } catch (error) {
    await programs.stop();
    throw error;
  }
  return {
    site,
    log: () => programs.log(),
    isRunning: () => programs.count() === 2,
    stop: () => programs.stop(),
  };
});
after(() => provider?.stop());

const press = (page, name) => page.getByRole('button', { name, exact: true }).click();

async function enter(page, password) {
  await page.getByLabel('User name').fill('ada');
  await page.getByLabel('Password').fill(password);
  await press(page, 'Sign in with a password');
}

describe('an application in Python', () => {
  test('signs in with a password on its own page, and out again', async () => {
    const { page, server } = on;
    const { site } = server;
    await page.goto(`${site}/members`);
    await page.waitForURL(`${site}/login?callbackUrl=/members`);
    await enter(page, '1815');
    await page.waitForURL(`${site}/members`);
    assert.equal(await page.locator('#name').innerText(), 'Ada Lovelace');

    await page.goto(site);
    await page.getByRole('link', { name: 'Sign out' }).click();
    await press(page, 'Sign out');
    await leaveAuthPages(page);
    await page.getByRole('heading', { name: 'Not signed in' }).waitFor();
    assert.equal(await sessionCookie(page, site), undefined);
  });

  test('says on its own page that a password is wrong, and takes the right one', async () => {
    const { page, server } = on;
    const { site } = server;
    await page.goto(`${site}/login`);
    await enter(page, '1816');
    await page.waitForURL(/\/login\?.*error=CredentialsSignin/);
    assert.equal(await page.getByRole('alert').innerText(), 'That is not the right password.');
    await enter(page, '1815');
    await page.getByRole('heading', { name: 'Signed in' }).waitFor();
  });

  test('signs in with an OpenID Connect provider', async () => {
    const { page, server } = on;
    await page.goto(`${server.site}/login`);
    await press(page, 'Sign in with the development provider');
    await press(page, 'Mary Somerville');
    await page.getByRole('heading', { name: 'Signed in' }).waitFor();
    assert.equal(await page.locator('#name').innerText(), 'Mary Somerville');
  });
});
