// The quickstart with its own development provider, as people use it.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openVisitor } from './browser.mjs';
import { visited } from './fixture.mjs';
import { startQuickstart } from './server.mjs';
import {
  assertExplained,
  assertSignedIn,
  assertSignedOut,
  comeBack,
  enterPassword,
  goToProvider,
  leaveAuthPages,
  logIn,
  pressProviderButton,
  sessionCookie,
} from './steps.mjs';

const OTHER_ACCOUNT = 'Try signing in with a different account.';
const WRONG_DETAILS = 'Sign in failed. Check the details you provided are correct.';

const on = visited(() => startQuickstart());

describe('the development provider', () => {
  test('signs in, and the session lasts until the sign-out', async () => {
    const { page, server } = on;
    const { site } = server;
    await goToProvider(page, server);
    await logIn(page, 'Hedy Lamarr', 'hedy@example.com');
    await assertSignedIn(page, site, 'Hedy Lamarr', 'hedy@example.com');

    const cookie = await sessionCookie(page, site);
    assert.equal(cookie.httpOnly, true);
    assert.equal(cookie.sameSite, 'Lax');
    assert.equal(cookie.path, '/');
    assert.ok(cookie.expires > Date.now() / 1000, 'it outlives the browser');
    assert.equal(await page.evaluate(() => document.cookie), '', 'no script sees a cookie');

    await page.reload();
    await assertSignedIn(page, site, 'Hedy Lamarr', 'hedy@example.com');

    await page.getByRole('link', { name: 'Account' }).click();
    await page.waitForURL(`${site}/account`);
    const session = JSON.parse(await page.locator('#session').innerText());
    assert.equal(session.user.name, 'Hedy Lamarr');
    assert.equal(session.user.email, 'hedy@example.com');
    assert.ok(new Date(session.expires) > new Date());

    await page.getByRole('link', { name: 'Home' }).click();
    await page.getByRole('link', { name: 'Sign out' }).click();
    await page.waitForURL(`${site}/api/auth/signout`);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await leaveAuthPages(page);
    await assertSignedOut(page, site);

    await page.goto(`${site}/account`);
    await page.waitForURL(`${site}/api/auth/signin?*`);
    await pressProviderButton(page);
    await page.getByRole('button', { name: 'Grace Hopper' }).click();
    await page.waitForURL(`${site}/account`);
    assert.match(await page.locator('#session').innerText(), /grace@example\.com/);
  });

  test('leaves no check cookies behind', async () => {
    const { page, context, server } = on;
    await goToProvider(page, server);
    const during = (await context.cookies(server.site)).map(({ name }) => name);
    for (const check of ['state', 'pkce.code_verifier', 'nonce']) {
      const pattern = new RegExp(`^next-auth\\.${check}\\.[0-9a-f]{16}$`);
      assert.ok(during.some((name) => pattern.test(name)), check);
    }
    await logIn(page, 'Hedy Lamarr', 'hedy@example.com');
    await assertSignedIn(page, server.site, 'Hedy Lamarr', 'hedy@example.com');
    const left = (await context.cookies(server.site)).map(({ name }) => name).sort();
    assert.deepEqual(left, [
      'next-auth.callback-url',
      'next-auth.csrf-token',
      'next-auth.session-token',
    ]);
  });

  test('a person who refuses is not signed in', async () => {
    const { page, server } = on;
    await goToProvider(page, server);
    await page.getByRole('button', { name: 'Refuse' }).click();
    await assertExplained(page, server.site, 'Callback', OTHER_ACCOUNT);
    await assertSignedOut(page, server.site);
  });
});

describe('the password form', () => {
  test('refuses a wrong password and takes the right one', async () => {
    const { page, server } = on;
    const { site } = server;
    await page.goto(site);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await enterPassword(page, 'ada', '1816');
    await page.waitForURL(`${site}/api/auth/signin?error=CredentialsSignin*`);
    assert.equal(await page.getByRole('alert').innerText(), WRONG_DETAILS);
    assert.equal(await sessionCookie(page, site), undefined);
    assert.equal(await page.getByLabel('Password').inputValue(), '');
    assert.equal(await page.getByLabel('User name').inputValue(), 'ada', 'the name stays');
    assert.equal(await page.locator(':focus').getAttribute('name'), 'password');

    await enterPassword(page, 'ada', '1815');
    await assertSignedIn(page, site, 'Ada Lovelace', 'ada@example.com');
  });

  test('leads back to the page that asked for it, even after a wrong password', async () => {
    const { page, server } = on;
    const { site } = server;
    await page.goto(`${site}/account`);
    await enterPassword(page, 'ada', 'wrong');
    await page.getByRole('alert').waitFor();
    await enterPassword(page, 'ada', '1815');
    await page.waitForURL(`${site}/account`);
  });

  test('needs no mouse, and shows where the keyboard is', async () => {
    const { page, server } = on;
    const { site } = server;
    const press = (key) => page.keyboard.press(key);
    const reach = async (role, name) => {
      await press('Tab');
      const focused = page.locator(':focus');
      assert.ok(await page.getByRole(role, { name }).and(focused).count(), `Tab reaches ${name}`);
      const ring = await focused.evaluate((element) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        return { outlineStyle, width: parseFloat(outlineWidth) };
      });
      assert.notEqual(ring.outlineStyle, 'none', `${name} shows its focus`);
      assert.ok(ring.width >= 1, `${name} shows its focus`);
    };
    await page.goto(site);
    await reach('link', 'Sign in');
    await press('Enter');
    await page.waitForURL(`${site}/api/auth/signin*`);
    await reach('button', 'Sign in with the development provider');
    await reach('textbox', 'User name');
    await page.keyboard.type('ada');
    await reach('textbox', 'Password');
    await page.keyboard.type('1815');
    await reach('button', 'Sign in with a password');
    await press('Shift+Tab');
    await press('Enter');
    await assertSignedIn(page, site, 'Ada Lovelace', 'ada@example.com');
    await reach('link', 'Account');
    await reach('link', 'Sign out');
    await press('Enter');
    await page.waitForURL(`${site}/api/auth/signout`);
    await reach('button', 'Sign out');
    await reach('link', 'Cancel');
    await press('Shift+Tab');
    await press('Enter');
    await leaveAuthPages(page);
    await assertSignedOut(page, site);
  });
});

describe('my sessions', () => {
  test('are listed, and another one can be ended', async () => {
    const { page, browser, server } = on;
    const { site } = server;
    const signIn = async (page) => {
      await page.goto(`${site}/api/auth/signin`);
      await enterPassword(page, 'ada', '1815');
      await leaveAuthPages(page);
      await page.goto(site);
    };
    const elsewhere = await openVisitor(browser);
    const other = await elsewhere.context.newPage();
    await signIn(other);
    await signIn(page);
    assert.equal(await page.getByText('this one').count(), 1);
    await page.getByRole('button', { name: 'End' }).first().click();
    await page.waitForURL(`${site}/`);
    await assertSignedIn(page, site, 'Ada Lovelace', 'ada@example.com');
    await other.goto(site);
    assert.equal(await other.getByRole('heading', { level: 1 }).innerText(), 'Not signed in');
    const session = await other.evaluate(() => fetch('/api/auth/session').then((reply) => reply.json()));
    assert.ok(!session?.user);
    await other.goto(`${site}/account`);
    await other.waitForURL(`${site}/api/auth/signin?*`);
    await elsewhere.context.close();
    elsewhere.watch.assertQuiet();
  });

  test('are ended by no form of another site', async () => {
    const { page, server } = on;
    const { site } = server;
    await page.goto(`${site}/api/auth/signin`);
    await enterPassword(page, 'ada', '1815');
    await leaveAuthPages(page);
    const cookies = await page.context().cookies(site);
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    const reply = await fetch(`${site}/sessions/end`, {
      method: 'POST',
      headers: { cookie, origin: 'http://localhost:1', 'content-type': 'application/x-www-form-urlencoded' },
      body: 'id=x',
    });
    assert.equal(reply.status, 403);
  });
});

/** Two tabs of somebody who is signed in by password, both of them at the provider. */
async function bothAtProvider({ page: older, context, server }) {
  const { site } = server;
  await older.goto(`${site}/api/auth/signin`);
  await enterPassword(older, 'ada', '1815');
  await leaveAuthPages(older);
  const newer = await context.newPage();
  for (const page of [older, newer]) {
    await page.goto(`${site}/api/auth/signin`);
    await pressProviderButton(page);
    await page.waitForURL(`${server.provider}/**`);
  }
  return { older, newer };
}

describe('two tabs', () => {
  test('share the session and its end', async () => {
    const { page, context, server } = on;
    const { site } = server;
    const other = await context.newPage();
    await other.goto(site);
    await goToProvider(page, server);
    await logIn(page, 'Hedy Lamarr', 'hedy@example.com');
    await assertSignedIn(page, site, 'Hedy Lamarr', 'hedy@example.com');
    await other.reload();
    await assertSignedIn(other, site, 'Hedy Lamarr', 'hedy@example.com');

    await other.getByRole('link', { name: 'Sign out' }).click();
    await other.getByRole('button', { name: 'Sign out' }).click();
    await leaveAuthPages(other);
    await assertSignedOut(page, site);
  });

  test('a sign-out page opened before a sign-in still works', async () => {
    const { page, context, server } = on;
    const { site } = server;
    const other = await context.newPage();
    await other.goto(`${site}/api/auth/signout`);
    await goToProvider(page, server);
    await logIn(page, 'Hedy Lamarr', 'hedy@example.com');
    await assertSignedIn(page, site, 'Hedy Lamarr', 'hedy@example.com');
    await other.getByRole('button', { name: 'Sign out' }).click();
    await leaveAuthPages(other);
    await assertSignedOut(page, site);
  });

  test('a failed sign-in in one of them leaves the session, and the other tab', async () => {
    const { server } = on;
    const { site } = server;
    const { older, newer } = await bothAtProvider(on);

    await older.getByRole('button', { name: 'Refuse' }).click();
    await assertExplained(older, site, 'Callback', OTHER_ACCOUNT);
    assert.ok(await sessionCookie(older, site), 'the earlier session is still there');
    await older.goto(site);
    await assertSignedIn(older, site, 'Ada Lovelace', 'ada@example.com');
    await older.goto(`${site}/account`);
    assert.match(await older.locator('#session').innerText(), /ada@example\.com/);

    await logIn(newer, 'Hedy Lamarr', 'hedy@example.com');
    await comeBack(newer, site);
    await newer.goto(site);
    await assertSignedIn(newer, site, 'Hedy Lamarr', 'hedy@example.com');
  });

  test('a sign-in begun in each of them ends well in both', async () => {
    const { server } = on;
    const { site } = server;
    const { older, newer } = await bothAtProvider(on);

    for (const page of [older, newer]) {
      await logIn(page, 'Hedy Lamarr', 'hedy@example.com');
      await comeBack(page, site);
      await page.goto(site);
      await assertSignedIn(page, site, 'Hedy Lamarr', 'hedy@example.com');
    }
  });
});
