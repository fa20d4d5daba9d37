// The quickstart with an identity provider that somebody else wrote.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { visited } from './fixture.mjs';
import { startOpenIdProvider } from './openid_provider.mjs';
import { freePort, startQuickstart } from './server.mjs';
import {
  SESSION_COOKIE,
  assertExplained,
  assertSignedIn,
  assertSignedOut,
  goToProvider,
  leaveAuthPages,
  pressProviderButton,
} from './steps.mjs';

const OTHER_ACCOUNT = 'Try signing in with a different account.';

let provider;
const on = visited(async () => {
  const port = await freePort();
  provider = await startOpenIdProvider({ site: `http://localhost:${port}` });
  return startQuickstart({ port, issuer: provider.issuer });
});
after(() => provider?.stop());

const person = (page, name) => page.getByRole('button', { name }).click();

/** What next-auth's `signIn(provider, options, { prompt })` posts to. */
async function askWithPrompt(page, site, prompt) {
  await page.goto(`${site}/api/auth/signin`);
  await page.locator('form[action$="/signin/development"]').evaluate((form, prompt) => {
    form.action += `?prompt=${prompt}`;
  }, prompt);
  await pressProviderButton(page);
}

async function addressInSession(page, site) {
  await page.goto(`${site}/account`);
  return JSON.parse(await page.locator('#session').innerText()).user.email;
}

async function signOut(page, site) {
  await page.goto(`${site}/api/auth/signout`);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await leaveAuthPages(page);
  await assertSignedOut(page, site);
}

describe('an independent provider', () => {
  test('is asked with every protection, and for the person at its userinfo endpoint', async () => {
    const { page, server } = on;
    provider.requests.length = 0;
    await goToProvider(page, server);
    await person(page, 'Mary Somerville');
    await assertSignedIn(page, server.site, 'Mary Somerville', 'mary@example.org');

    const to = (path) => provider.requests.filter((request) => request.path === path);
    const [{ query }] = to('/auth');
    assert.equal(query.response_type, 'code');
    assert.equal(query.code_challenge_method, 'S256');
    for (const name of ['code_challenge', 'state', 'nonce']) {
      assert.ok(query[name]?.length >= 43, name);
    }
    assert.deepEqual(to('/token').map(({ hasBasic }) => hasBasic), [true]);
    assert.equal(to('/me').length, 1);
  });

  test('knows the person the second time, and so does the site', async () => {
    const { page, server } = on;
    const { site } = server;
    await goToProvider(page, server);
    await person(page, 'Emmy Noether');
    await assertSignedIn(page, site, 'Emmy Noether', 'emmy@example.org');
    await signOut(page, site);

    // The provider's own session answers without a page.
    await page.goto(`${site}/account`);
    await pressProviderButton(page);
    await page.waitForURL(`${site}/account`);
    assert.equal(await addressInSession(page, site), 'emmy@example.org');
  });

  test('asks again with prompt=login, and somebody else may answer', async () => {
    const { page, server } = on;
    const { site } = server;
    await goToProvider(page, server);
    await person(page, 'Mary Somerville');
    await assertSignedIn(page, site, 'Mary Somerville', 'mary@example.org');
    await signOut(page, site);

    await askWithPrompt(page, site, 'login');
    await page.waitForURL(`${provider.issuer}/interaction/*`);
    assert.match(await page.locator('#prompt').innerText(), /^login: .*login_prompt/);
    await person(page, 'Emmy Noether');
    await assertSignedIn(page, site, 'Emmy Noether', 'emmy@example.org');
  });

  test('with prompt=none answers an error to those it does not know', async () => {
    const { page, server } = on;
    await askWithPrompt(page, server.site, 'none');
    await assertExplained(page, server.site, 'Callback', OTHER_ACCOUNT);
    assert.match(server.log(), /login_required/);
    await assertSignedOut(page, server.site);
  });

  test('is refused by the person', async () => {
    const { page, server } = on;
    await goToProvider(page, server);
    await person(page, 'Refuse');
    await assertExplained(page, server.site, 'Callback', OTHER_ACCOUNT);
    await assertSignedOut(page, server.site);
  });

  test('goes on where a callback is repeated, for whoever is signed in', async () => {
    const { page, server } = on;
    const { site } = server;
    const callback = page.waitForRequest((request) => request.url().includes('/callback/'));
    await goToProvider(page, server);
    await person(page, 'Mary Somerville');
    const address = (await callback).url();
    await assertSignedIn(page, site, 'Mary Somerville', 'mary@example.org');
    await page.goto(address);
    await leaveAuthPages(page);
    await page.goto(site);
    await assertSignedIn(page, site, 'Mary Somerville', 'mary@example.org');

    await page.context().clearCookies({ name: SESSION_COOKIE });
    await page.goto(address);
    await assertExplained(page, site, 'OAuthCallback', OTHER_ACCOUNT);
    await assertSignedOut(page, site);
  });
});
