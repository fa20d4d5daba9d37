// `typegate serve` on examples/auth.toml, beside an application in JavaScript.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { visited } from './fixture.mjs';
import { startOpenIdProvider } from './openid_provider.mjs';
import { freePort } from './server.mjs';
import { startSidecar } from './sidecar.mjs';
import {
  assertSignedIn,
  assertSignedOut,
  enterPassword,
  leaveAuthPages,
  sessionCookie,
} from './steps.mjs';

let provider;
const on = visited(async () => {
  const port = await freePort();
  const site = `http://localhost:${port}`;
  provider = await startOpenIdProvider({ site, id: 'acme' });
  return startSidecar({ port, issuer: provider.issuer });
});
after(() => provider?.stop());

async function goToSignIn(page, site) {
  await page.goto(site);
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.waitForURL(`${site}/api/auth/signin*`);
}

describe('typegate beside an application', () => {
  test('signs in with a password that the application checks, and out again', async () => {
    const { page, server } = on;
    server.asked.length = 0;
    await goToSignIn(page, server.site);
    await enterPassword(page, 'ada', '1815');
    await assertSignedIn(page, server.site, 'Ada Lovelace', 'ada@example.com');
    const credentials = { username: 'ada', password: '1815' };
    assert.deepEqual(server.asked, [{ isTypegate: true, credentials }]);
    const { httpOnly, sameSite } = await sessionCookie(page, server.site);
    assert.deepEqual([httpOnly, sameSite], [true, 'Lax']);

    await page.getByRole('link', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await leaveAuthPages(page);
    await assertSignedOut(page, server.site);
  });

  test('refuses a password that the application refuses', async () => {
    const { page, server } = on;
    await goToSignIn(page, server.site);
    await enterPassword(page, 'ada', 'wrong');
    await page.waitForURL(`${server.site}/api/auth/signin?error=CredentialsSignin*`);
    await assertSignedOut(page, server.site);
    assert.doesNotMatch(server.log(), /1815|wrong/);
  });

  test('signs in with an OpenID Connect provider', async () => {
    const { page, server } = on;
    await goToSignIn(page, server.site);
    await page.getByRole('button', { name: 'Sign in with Acme' }).click();
    await page.getByRole('button', { name: 'Mary Somerville' }).click();
    await assertSignedIn(page, server.site, 'Mary Somerville', 'mary@example.org');
  });
});
