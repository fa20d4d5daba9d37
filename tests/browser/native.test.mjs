// A command-line program signs in by way of the browser.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, test } from 'node:test';
import { visited } from './fixture.mjs';
import { example, startQuickstart } from './server.mjs';
import { logIn, pressProviderButton, sessionCookie } from './steps.mjs';

const on = visited(() => startQuickstart());

/** Starts the program; `next()` is its next line, `ended` its exit code. */
function start(site, cookies = '') {
  const child = spawn(example('native_sign_in'), [], {
    env: { NEXTAUTH_URL: site, COOKIES: cookies },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const killIt = () => child.kill();
  process.once('exit', killIt);
  const ended = once(child, 'exit').then(([code]) => {
    process.off('exit', killIt);
    return code;
  });
  let complaints = '';
  child.stderr.on('data', (text) => (complaints += text));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    ended,
    complaints: () => complaints,
    next: async () => (await lines.next()).value,
  };
}

async function pageOf(program) {
  const line = await program.next();
  assert.match(line, /^open http:/);
  return line.slice('open '.length);
}

describe('a native program', () => {
  test('gets a session of its own, and keeps it for the next run', async () => {
    const { page, server } = on;
    const { site } = server;
    const folder = await mkdtemp(join(tmpdir(), 'native-'));
    try {
      const cookies = join(folder, 'cookies.json');
      const program = start(site, cookies);
      await page.goto(await pageOf(program));
      await page.waitForURL(`${site}/api/auth/signin?*`);
      await pressProviderButton(page);
      await logIn(page, 'Hedy Lamarr', 'hedy@example.com');
      await page.waitForURL(`${site}/native?*`);
      assert.match(await page.locator('body').innerText(), /signed in as Hedy Lamarr/);
      await page.getByRole('button', { name: 'Sign it in' }).click();
      await page.getByText('Go back to the program').waitFor();
      assert.equal(await program.next(), 'signed in as Hedy Lamarr <hedy@example.com>');
      assert.equal(await program.ended, 0, program.complaints());
      assert.equal((await stat(cookies)).mode & 0o777, 0o600);

      // The browser's session and the program's are two.
      await page.goto(`${site}/api/auth/signout`);
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.waitForURL(`${site}/api/auth/signin?*`);
      assert.equal(await sessionCookie(page, site), undefined);
      const again = start(site, cookies);
      assert.equal(await again.next(), 'signed in as Hedy Lamarr <hedy@example.com>');
      assert.equal(await again.ended, 0, again.complaints());
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('is turned away by the person', async () => {
    const { page, server } = on;
    const program = start(server.site);
    const address = await pageOf(program);
    // Somebody who does not know the state is not heard.
    const callback = new URL(address).searchParams.get('redirect_uri');
    assert.equal((await fetch(`${callback}?state=guessed&code=x`)).status, 400);
    await page.goto(address);
    await pressProviderButton(page);
    await logIn(page, 'Hedy Lamarr', 'hedy@example.com');
    await page.getByRole('button', { name: 'No', exact: true }).click();
    await page.getByText('Go back to the program').waitFor();
    assert.notEqual(await program.ended, 0);
    assert.match(program.complaints(), /access_denied/);
  });
});

describe('the site', () => {
  const verifier = randomBytes(32).toString('base64url');
  const asked = (redirect_uri = 'http://127.0.0.1:9/callback', changes = {}) => ({
    redirect_uri,
    state: 'x',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...changes,
  });
  /** Signs in as ada, without a page. */
  async function signIn(request, site, form) {
    const { csrfToken } = await (await request.get(`${site}/api/auth/csrf`)).json();
    const answer = await request.post(`${site}/api/auth/callback/credentials`, {
      form: { ...form, csrfToken, json: 'true' },
    });
    return answer.status();
  }
  const decide = (request, site, form, origin = site) =>
    request.post(`${site}/native`, {
      form: { ...form, decision: 'allow' },
      headers: { origin },
      maxRedirects: 0,
    });

  test('sends nobody but a program on this computer a code', async () => {
    const { context: { request }, server: { site } } = on;
    const unknown = await decide(request, site, asked());
    assert.equal(unknown.status(), 401);
    assert.equal(await signIn(request, site, { username: 'ada', password: '1815' }), 200);
    for (const form of [
      asked('https://127.0.0.1:9/'),
      asked('http://localhost:9/'),
      asked('http://127.0.0.1.evil.example/'),
      asked('http://127.0.0.1@evil.example/'),
      asked('javascript:alert(1)'),
      asked('nothing'),
      asked('http://127.0.0.1:9/#x'),
      asked(undefined, { code_challenge_method: 'plain' }),
      asked(undefined, { code_challenge: 'short' }),
    ]) {
      const page = await request.get(`${site}/native`, { params: form });
      assert.equal(page.status(), 400, form.redirect_uri);
      assert.equal((await decide(request, site, form)).status(), 400, form.redirect_uri);
    }
    const foreign = await decide(request, site, asked(), 'http://localhost:9');
    assert.equal(foreign.status(), 403);
  });

  test('redeems a code once, for whoever has the verifier', async () => {
    const { context: { request }, server: { site } } = on;
    await signIn(request, site, { username: 'ada', password: '1815' });
    const code = async () => {
      const answer = await decide(request, site, asked());
      const target = new URL(answer.headers().location);
      assert.equal(target.origin + target.pathname, 'http://127.0.0.1:9/callback');
      assert.equal(target.searchParams.get('state'), 'x');
      return target.searchParams.get('code');
    };
    const right = async () => ({
      code: await code(),
      code_verifier: verifier,
      redirect_uri: asked().redirect_uri,
    });
    const exchange = (form) => signIn(request, site, form);
    const spent = await right();
    assert.equal(await exchange(spent), 200);
    assert.equal(await exchange(spent), 401);
    assert.equal(await exchange({ ...(await right()), code_verifier: `${verifier}x` }), 401);
    assert.equal(await exchange({ ...(await right()), redirect_uri: 'http://127.0.0.1:8/' }), 401);
    assert.equal(await exchange({ ...(await right()), code: 'x' }), 401);
  });
});
