// The real next-auth/react, bundled as it is on npm, against the React example.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertAccessible } from './axe.mjs';
import { visited } from './fixture.mjs';
import { startReact } from './server.mjs';
import { leaveAuthPages, logIn } from './steps.mjs';

const on = visited(startReact);

const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const text = (page, id) => page.locator(`#${id}`).innerText();

/** Waits until the page shows that status and name. */
async function shows(page, status, name = 'nobody') {
  await page.locator('#status', { hasText: new RegExp(`^${status}$`) }).waitFor();
  await page.locator('#name', { hasText: new RegExp(`^${name}$`) }).waitFor();
}

/** What the promise of signIn, signOut or update resolved to. */
async function result(page) {
  await page.locator('#result:not(:empty)').waitFor();
  return JSON.parse(await text(page, 'result'));
}

/** Starts to record the requests to the auth routes. */
function record(page) {
  const lines = [];
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.pathname.startsWith('/api/auth/')) {
      lines.push(`${request.method()} ${url.pathname.slice('/api/auth/'.length)}`);
    }
  });
  return lines;
}

async function fillPassword(page, username, password) {
  await page.getByLabel('User name').fill(username);
  await page.getByLabel('Password').last().fill(password);
}

async function signInAndStay(page, site, query = '') {
  await page.goto(`${site}/${query}`);
  await shows(page, 'unauthenticated');
  await fillPassword(page, 'ada', '1815');
  await press(page, 'Sign in and stay');
  await shows(page, 'authenticated', 'Ada Lovelace');
}

/** Refused credentials are answered with 401 or 403, which Chromium logs. */
const allowRefusal = (watch, path) =>
  watch.allow(new RegExp(`status of 40[13] .*/api/auth/${path}`));

/**
 * Gives a function that changes something while the page waits for no session. Each answer sets the
 * cookie again (as v4's does), so one that comes late would undo a change of the cookie.
 */
async function reads(page) {
  const underWay = new Set();
  let held = Promise.resolve();
  await page.route('**/api/auth/session', async (route) => {
    await held;
    const end = route.request().response().then((response) => response?.finished());
    underWay.add(end);
    await route.continue();
    await end;
    underWay.delete(end);
  });
  return async (change) => {
    let release;
    held = new Promise((resolve) => {
      release = resolve;
    });
    await Promise.all(underWay);
    await change();
    release();
  };
}

/** Changes the name as another program with this browser's cookies would: no tab hears of it. */
async function renameElsewhere(context, site, name) {
  const { csrfToken } = await (await context.request.get(`${site}/api/auth/csrf`)).json();
  const answer = await context.request.post(`${site}/api/auth/session`, {
    data: { csrfToken, data: { name } },
  });
  assert.equal((await answer.json()).user.name, name);
}

/** The link in the latest message to that address. */
async function link(context, site, address) {
  const letters = await (await context.request.get(`${site}/outbox`)).json();
  return letters.findLast(({ to }) => to === address)?.url;
}

describe('credentials', () => {
  test('sign in without leaving the page', async () => {
    const { page, context, server } = on;
    const { site } = server;
    await page.goto(site);
    await shows(page, 'unauthenticated');
    const lines = record(page);
    await fillPassword(page, 'ada', '1815');
    await press(page, 'Sign in and stay');
    await shows(page, 'authenticated', 'Ada Lovelace');
    assert.equal(await text(page, 'email'), 'ada@example.com');
    const answer = { error: null, status: 200, ok: true, url: `${site}/` };
    assert.deepEqual(await result(page), answer);
    const requests = ['GET providers', 'GET csrf', 'POST callback/credentials', 'GET session'];
    assert.deepEqual(lines, requests);
    const cookies = await context.cookies(site);
    assert.ok(cookies.some(({ name, httpOnly }) => name === 'next-auth.session-token' && httpOnly));
  });

  test('sign in by way of a redirect', async () => {
    const { page, server } = on;
    await page.goto(`${server.site}/?interval=0`);
    await shows(page, 'unauthenticated');
    await fillPassword(page, 'ada', '1815');
    await press(page, 'Sign in');
    await shows(page, 'authenticated', 'Ada Lovelace');
    assert.equal(page.url(), `${server.site}/?interval=0`);
  });

  for (const [username, password, error] of [
    ['ada', '1816', 'CredentialsSignin'],
    ['charles', '1815', 'This account is locked'],
  ]) {
    test(`are refused with ${error}`, async () => {
      const { page, server, watch } = on;
      allowRefusal(watch, 'callback/credentials');
      await page.goto(server.site);
      await shows(page, 'unauthenticated');
      await fillPassword(page, username, password);
      await press(page, 'Sign in and stay');
      assert.deepEqual(await result(page), { error, status: 401, ok: false, url: null });
      await shows(page, 'unauthenticated');
    });
  }

  test('are refused on the sign-in page, which says why and takes the right ones', async () => {
    const { page, server, watch } = on;
    const { site } = server;
    allowRefusal(watch, 'callback/credentials');
    await page.goto(site);
    await shows(page, 'unauthenticated');
    await fillPassword(page, 'ada', '1816');
    await press(page, 'Sign in');
    await page.waitForURL(`${site}/api/auth/signin?error=CredentialsSignin*`);
    const why = 'Sign in failed. Check the details you provided are correct.';
    assert.equal(await page.getByRole('alert').innerText(), why);
    await page.getByLabel('User name').fill('ada');
    await page.getByLabel('Password').fill('1815');
    await press(page, 'Sign in with a password');
    await leaveAuthPages(page);
    await shows(page, 'authenticated', 'Ada Lovelace');
  });
});

describe('an identity provider', () => {
  test('signs in and leads back to the page', async () => {
    const { page, server } = on;
    await page.goto(`${server.site}/?interval=0`);
    await shows(page, 'unauthenticated');
    await press(page, 'Sign in with the development provider');
    await page.waitForURL(`${server.provider}/**`);
    await logIn(page, 'Hedy Lamarr', 'hedy@example.com');
    await shows(page, 'authenticated', 'Hedy Lamarr');
    assert.equal(page.url(), `${server.site}/?interval=0`);
  });

  test('that the person turned away from is an error of the sign-in page', async () => {
    const { page, server } = on;
    await page.goto(server.site);
    await shows(page, 'unauthenticated');
    await press(page, 'Sign in with the development provider');
    await page.getByRole('button', { name: 'Refuse' }).click();
    await page.waitForURL(`${server.site}/api/auth/signin?error=Callback*`);
    const why = 'Try signing in with a different account.';
    assert.equal(await page.getByRole('alert').innerText(), why);
  });

  test('can be chosen on the sign-in page', async () => {
    const { page, server } = on;
    await page.goto(server.site);
    await press(page, 'Choose');
    const target = encodeURIComponent(`${server.site}/`);
    await page.waitForURL(`${server.site}/api/auth/signin?callbackUrl=${target}`);
    await press(page, 'Sign in with the development provider');
    await logIn(page, 'Hedy Lamarr', 'hedy@example.com');
    await shows(page, 'authenticated', 'Hedy Lamarr');
  });
});

describe('an e-mail link', () => {
  test('is sent, signs in once, and is refused the second time', async () => {
    const { page, context, server, watch } = on;
    const { site } = server;
    await page.goto(site);
    await shows(page, 'unauthenticated');
    await page.getByLabel('Address').fill('Mary@Example.com');
    await press(page, 'Send a link and stay');
    const { url, ...rest } = await result(page);
    assert.deepEqual(rest, { error: null, status: 200, ok: true });
    assert.equal(new URL(url).pathname, '/api/auth/verify-request');
    await shows(page, 'unauthenticated');

    const letter = await link(context, site, 'mary@example.com');
    await page.goto(letter);
    await leaveAuthPages(page);
    await shows(page, 'authenticated');
    assert.equal(await text(page, 'email'), 'mary@example.com');

    await context.clearCookies();
    watch.allow(/status of 403 .*\/api\/auth\/error\?error=Verification/);
    await page.goto(letter);
    await page.waitForURL(`${site}/api/auth/error?error=Verification`);
    await page.getByText('no longer valid').waitFor();
  });

  test('leads to the page that says where to look', async () => {
    const { page, context, server } = on;
    await page.goto(server.site);
    await page.getByLabel('Address').fill('grace@example.com');
    await press(page, 'Send a link');
    await page.waitForURL(`${server.site}/api/auth/verify-request?*`);
    await page.getByRole('heading', { name: 'Check your email' }).waitFor();
    assert.ok(await link(context, server.site, 'grace@example.com'));
  });

  test('asked for on the built-in page says where it went, and can be had again', async () => {
    const { page, context, server } = on;
    const { site } = server;
    await page.goto(`${site}/api/auth/signin`);
    await page.getByLabel('Email').fill('katherine@example.com');
    await press(page, 'Sign in with Email');
    await page.waitForURL(`${site}/api/auth/verify-request?*`);
    await page.getByText('Sent to katherine@example.com.').waitFor();
    const first = await link(context, site, 'katherine@example.com');
    const again = page.getByRole('button', { name: 'Send again' });
    assert.equal(await again.count(), 0, 'not at once');
    await page.evaluate(() => {
      for (const animation of document.getAnimations()) animation.finish();
    });
    await assertAccessible(page, 'check your email');
    const shown = page.waitForResponse(/verify-request/);
    await again.click();
    await shown;
    assert.notEqual(await link(context, site, 'katherine@example.com'), first);

    await page.getByRole('link', { name: 'Use a different email address' }).click();
    assert.equal(await page.getByLabel('Email').inputValue(), 'katherine@example.com');
    await page.goto(await link(context, site, 'katherine@example.com'));
    await leaveAuthPages(page);
    const left = (await context.cookies(site)).map(({ name }) => name);
    assert.ok(!left.includes('typegate.last-attempt'), 'nothing of it is left');
  });

  for (const address of ['no address', 'full@example.com']) {
    test(`that could not be sent to ${address} is an error with status 200`, async () => {
      const { page, server } = on;
      await page.goto(server.site);
      await page.getByLabel('Address').fill(address);
      await press(page, 'Send a link and stay');
      assert.deepEqual(await result(page), {
        error: 'EmailSignin',
        status: 200,
        ok: true,
        url: null,
      });
    });
  }
});

describe('the session', () => {
  test('ends with a sign-out that stays on the page', async () => {
    const { page, context, server } = on;
    const { site } = server;
    await signInAndStay(page, site);
    await page.locator('#result').evaluate((output) => output.replaceChildren());
    const lines = record(page);
    await press(page, 'Sign out and stay');
    await shows(page, 'unauthenticated');
    assert.deepEqual(lines, ['GET csrf', 'POST signout', 'GET session']);
    const cookies = await context.cookies(site);
    assert.ok(!cookies.some(({ name }) => name.includes('session-token')));
  });

  test('ends with a sign-out that loads the page again', async () => {
    const { page, server } = on;
    await signInAndStay(page, server.site);
    const load = page.waitForEvent('load');
    await press(page, 'Sign out');
    await load;
    await shows(page, 'unauthenticated');
    assert.equal(page.url(), `${server.site}/`);
  });

  test('is updated and stays so', async () => {
    const { page, server } = on;
    await signInAndStay(page, server.site);
    const lines = record(page);
    await page.getByLabel('New name').fill('Countess of Lovelace');
    await press(page, 'Update');
    await shows(page, 'authenticated', 'Countess of Lovelace');
    assert.deepEqual(lines, ['GET csrf', 'POST session']);
    await page.reload();
    await shows(page, 'authenticated', 'Countess of Lovelace');
  });

  test('is read again when the page is looked at', async () => {
    const { page, context, server } = on;
    await signInAndStay(page, server.site);
    await renameElsewhere(context, server.site, 'Countess');
    const lines = record(page);
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await shows(page, 'authenticated', 'Countess');
    assert.deepEqual(lines, ['GET session']);
  });

  test('is read again at the interval, until it has ended', async () => {
    const { page, context, server } = on;
    const { site } = server;
    const betweenReads = await reads(page);
    await signInAndStay(page, site, '?interval=0.1');
    await betweenReads(() => renameElsewhere(context, site, 'Countess'));
    await shows(page, 'authenticated', 'Countess');
    await betweenReads(() => context.clearCookies());
    await shows(page, 'unauthenticated');
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  });

  test('is required by a page for members', async () => {
    const { page, server } = on;
    const { site } = server;
    await page.goto(`${site}/members`);
    await page.waitForURL(`${site}/api/auth/signin?error=SessionRequired*`);
    assert.equal(
      await page.getByRole('alert').innerText(),
      'Please sign in to access this page.',
    );
    await page.getByLabel('User name').fill('ada');
    await page.getByLabel('Password').fill('1815');
    await press(page, 'Sign in with a password');
    await page.waitForURL(`${site}/members`);
    await page.getByRole('heading', { name: 'Welcome, Ada Lovelace' }).waitFor();
  });
});

/**
 * next-auth stamps what it tells other tabs with the second, and browsers do not pass on a stamp
 * that stays the same.
 */
function nextSecond(page) {
  return page.waitForFunction(() => {
    const { timestamp } = JSON.parse(localStorage.getItem('nextauth.message'));
    return Math.floor(Date.now() / 1000) > timestamp;
  });
}

describe('two tabs', () => {
  test('are in step', async () => {
    const { page, context, server } = on;
    const { site } = server;
    await signInAndStay(page, site);
    const other = await context.newPage();
    await other.goto(site);
    await shows(other, 'authenticated', 'Ada Lovelace');

    await nextSecond(page);
    await page.getByLabel('New name').fill('Countess');
    await press(page, 'Update');
    await shows(other, 'authenticated', 'Countess');

    await press(other, 'Sign out and stay');
    await shows(page, 'unauthenticated');
  });
});
