// Next.js with the unmodified next-auth/react in front of typegate, as examples/nextjs has it.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { visited } from './fixture.mjs';
import { CONFIGURATION, startNextJs } from './nextjs.mjs';
import { startOpenIdProvider } from './openid_provider.mjs';
import { freePort } from './server.mjs';
import { comeBack, enterPassword, sessionCookie } from './steps.mjs';

const run = promisify(execFile);

let provider;
const on = visited(async () => {
  const port = await freePort();
  provider = await startOpenIdProvider({ site: `http://localhost:${port}` });
  return startNextJs({ port, issuer: provider.issuer });
});
after(() => provider?.stop());

/** Says of a button that does not come what is there in its place, and what the programs wrote. */
async function press(page, name) {
  try {
    await page.getByRole('button', { name, exact: true }).click();
  } catch (error) {
    const text = await page.locator('body').innerText();
    throw new Error(`no "${name}" at ${page.url()}: ${text}\n${on.server.log()}`, { cause: error });
  }
}

/** Waits until server component and client component say who is there. */
async function shows(page, name, status) {
  await page.locator('#server', { hasText: new RegExp(`^${name}$`) }).waitFor();
  await page.locator('#client', { hasText: new RegExp(`^${name}$`) }).waitFor();
  await page.locator('#status', { hasText: new RegExp(`^${status}$`) }).waitFor();
}

const showsMary = (page) => shows(page, 'Mary Somerville', 'authenticated');

async function signInAsMary(page, site) {
  await page.goto(site);
  await shows(page, 'nobody', 'unauthenticated');
  await press(page, 'Sign in with the development provider');
  await press(page, 'Mary Somerville');
  await comeBack(page, site);
  await showsMary(page);
}

/** Ends what Next.js still fetches ahead for the page: it would meet a server that is being exchanged. */
const leave = (page) => page.goto('about:blank');

const callbackUrl = async (context, site) => {
  const cookies = await context.cookies(site);
  const cookie = cookies.find(({ name }) => name === 'next-auth.callback-url');
  return cookie && decodeURIComponent(cookie.value);
};

describe('a page for members', () => {
  test('leads to the sign-in page and the identity provider, and back', async () => {
    const { page, server } = on;
    const { site } = server;
    await page.goto(`${site}/members?tab=1`);
    await page.waitForURL(`${site}/api/auth/signin?callbackUrl=%2Fmembers%3Ftab%3D1`);
    await press(page, 'Sign in with the development provider');
    await press(page, 'Mary Somerville');
    await page.waitForURL(`${site}/members?tab=1`);
    await page.getByRole('heading', { name: 'Members' }).waitFor();
    await showsMary(page);
  });

  test('reached by a link of the application does the same', async () => {
    const { page, server } = on;
    const { site } = server;
    await page.goto(site);
    await page.getByRole('link', { name: 'Members' }).click();
    await page.waitForURL(`${site}/api/auth/signin?callbackUrl=*`);
    await enterPassword(page, 'ada', '1815');
    await page.waitForURL(`${site}/members*`);
    await shows(page, 'Ada Lovelace', 'authenticated');
  });

  test('is fetched ahead, which does not change where a sign-in leads', async () => {
    const { page, context, server } = on;
    const { site } = server;
    const fetched = page.waitForResponse(`${site}/api/auth/signin?callbackUrl=%2Fmembers`);
    await page.goto(site);
    assert.equal((await (await fetched).request().allHeaders())['sec-fetch-mode'], 'cors');
    assert.equal(await callbackUrl(context, site), undefined);
  });
});

describe('the session', () => {
  test('is seen by server components, client components and getToken', async () => {
    const { page, context, server } = on;
    const { site } = server;
    assert.equal((await context.request.get(`${site}/api/whoami`)).status(), 401);
    await signInAsMary(page, site);
    const token = await (await context.request.get(`${site}/api/whoami`)).json();
    assert.equal(token.name, 'Mary Somerville');
    assert.equal(token.email, 'mary@example.org');
    const { httpOnly, sameSite, path } = await sessionCookie(page, site);
    assert.deepEqual([httpOnly, sameSite, path], [true, 'Lax', '/']);
  });

  test('is updated', async () => {
    const { page, server } = on;
    await signInAsMary(page, server.site);
    const before = (await sessionCookie(page, server.site)).value;
    const answer = page.waitForResponse(
      (response) =>
        response.url() === `${server.site}/api/auth/session` &&
        response.request().method() === 'POST',
    );
    await press(page, 'Update');
    assert.equal((await (await answer).json()).user.name, 'Mary Somerville');
    assert.notEqual((await sessionCookie(page, server.site)).value, before);
    await showsMary(page);
  });

  test('ends with a sign-out', async () => {
    const { page, server } = on;
    const { site } = server;
    await signInAsMary(page, site);
    await press(page, 'Sign out');
    await shows(page, 'nobody', 'unauthenticated');
    assert.equal(await sessionCookie(page, site), undefined);
    await page.goto(`${site}/members`);
    await page.waitForURL(`${site}/api/auth/signin?*`);
  });

  test('outlives a restart of typegate, during which the client says that nobody is there', async () => {
    const { page, server, watch } = on;
    const { site } = server;
    await signInAsMary(page, site);
    // `signin`: what Next.js fetches ahead for the link to the members' page.
    watch.allow(/500.*\/api\/auth\/(session|_log|signin)/);
    watch.allow(/CLIENT_FETCH_ERROR/);
    await server.reconfigured(undefined, async () => {
      await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
      await page.locator('#status', { hasText: 'unauthenticated' }).waitFor();
      assert.ok(await sessionCookie(page, site), 'the cookie is kept');
    });
    await page.reload();
    await showsMary(page);
  });
});

const postgres = process.env.TYPEGATE_TEST_POSTGRES;
const skip = !postgres && 'NOT TESTED: set TYPEGATE_TEST_POSTGRES';

describe("Prisma's tables on PostgreSQL", { skip }, () => {
  const schema = 'typegate_nextjs';
  const psql = (...args) => run('psql', [postgres, '-qAt', '-v', 'ON_ERROR_STOP=1', ...args]);

  before(async () => {
    const tables = fileURLToPath(new URL('../data/schemas/prisma.postgres.sql', import.meta.url));
    await psql('-c', `DROP SCHEMA IF EXISTS ${schema} CASCADE`, '-c', `CREATE SCHEMA ${schema}`);
    await psql('-c', `SET search_path = ${schema}`, '-f', tables);
  });
  after(() => psql('-c', `DROP SCHEMA ${schema} CASCADE`));

  /** The example's configuration with these tables and that strategy. */
  async function configuration(strategy) {
    const text = await readFile(CONFIGURATION, 'utf8');
    const providers = text.split('[[providers]]').slice(0, strategy === 'jwt' ? 3 : 2);
    const url = `${postgres}?options[search_path]=${schema}`;
    return providers
      .join('[[providers]]')
      .replace('url = { env = "DATABASE_URL" }', `url = "${url}"\nschema = "prisma"`)
      .replace('strategy = "jwt"', `strategy = "${strategy}"`);
  }

  test('keep users, and sessions in cookies go on', async () => {
    const { page, server } = on;
    await server.reconfigured(await configuration('jwt'), async () => {
      await signInAsMary(page, server.site);
      await page.getByRole('link', { name: 'Members' }).click();
      await page.getByRole('heading', { name: 'Members' }).waitFor();
      await showsMary(page);
      await leave(page);
    });
    const users = await psql('-c', `SELECT name, email FROM ${schema}."User"`);
    assert.equal(users.stdout.trim(), 'Mary Somerville|mary@example.org');
  });

  test('keep sessions, which server and client see and withAuth does not', async () => {
    const { page, context, server } = on;
    const { site } = server;
    await server.reconfigured(await configuration('database'), async () => {
      await signInAsMary(page, site);
      assert.equal((await context.request.get(`${site}/api/whoami`)).status(), 401);
      await page.goto(`${site}/members`);
      await page.waitForURL(`${site}/api/auth/signin?callbackUrl=%2Fmembers`);
      await page.goto(site);
      await press(page, 'Sign out');
      await shows(page, 'nobody', 'unauthenticated');
      await leave(page);
    });
    const sessions = await psql('-c', `SELECT count(*) FROM ${schema}."Session"`);
    assert.equal(sessions.stdout.trim(), '0');
  });
});
