// Every page by itself: does it keep to its content security policy, and to this machine?

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { visited } from './fixture.mjs';
import { allowStatusOf, PAGES } from './pages.mjs';
import { startQuickstart } from './server.mjs';

const on = visited(() => startQuickstart());

describe('a page', () => {
  for (const entry of PAGES) {
    test(`is quiet: ${entry.name}`, async () => {
      const { page, watch, server } = on;
      allowStatusOf(entry, watch);
      const response = await page.goto(server.site + entry.path);
      assert.equal(response.status(), entry.status);
      assert.ok(await page.title(), 'it has a title');
      if (entry.path.startsWith('/api/')) {
        const headers = response.headers();
        assert.match(headers['content-security-policy'], /default-src 'none'/);
        assert.match(headers['content-security-policy'], /frame-ancestors 'none'/);
        assert.match(headers['cache-control'], /no-store/);
      }
    });
  }

  test('has an icon, or the site has: else the first page of every browser logs a 404', async () => {
    const { page, watch, server } = on;
    const icon = await fetch(`${server.site}/favicon.ico`);
    const without = [];
    for (const entry of PAGES) {
      allowStatusOf(entry, watch);
      await page.goto(server.site + entry.path);
      const hasOwn = (await page.locator('link[rel~=icon]').count()) > 0;
      if (!hasOwn && !icon.ok) without.push(entry.name);
    }
    assert.deepEqual(without, []);
  });

  test('does not carry out what an address tries to slip in', async () => {
    const { page, watch, server } = on;
    const payload = encodeURIComponent('"><script>document.title="in"</script>');
    const path = '/api/auth/signin';
    await page.goto(`${server.site}${path}?error=${payload}&email=${payload}&csrf=${payload}`);
    assert.equal(await page.title(), 'Sign in to Quickstart');
    assert.equal(await page.locator('script').count(), 0);
    await page.goto(`${server.site}/api/auth/error?error=${payload}`);
    assert.equal(await page.title(), 'Error · Quickstart');
    watch.assertQuiet();
  });

  test('cannot be put into a frame', async () => {
    const { page, watch, server } = on;
    watch.allow(/frame-ancestors/);
    await page.goto(server.site);
    const refused = page.waitForEvent('console', (message) => /frame/i.test(message.text()));
    await page.evaluate(() => {
      document.body.innerHTML = '<iframe src="/api/auth/signin"></iframe>';
    });
    await refused;
  });
});

describe('the watch over pages', () => {
  test('sees a policy violation and a request to elsewhere', async () => {
    const { page, watch, context, server } = on;
    await page.goto(`${server.site}/api/auth/signin`);
    const reported = page.waitForEvent('console', (message) => message.type() === 'error');
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'document.title = "in"';
      document.head.append(script);
    });
    await reported;
    assert.equal(await page.title(), 'Sign in to Quickstart');

    // Nothing leaves the machine, it is only tried.
    await context.route('http://elsewhere.example/**', (route) => route.abort());
    await page.goto(server.site);
    const tried = page.waitForRequest('http://elsewhere.example/**');
    await page.evaluate(() => {
      new Image().src = 'http://elsewhere.example/';
    });
    await tried;
    const seen = watch.incidents().join('\n');
    assert.match(seen, /policy violation: script-src-elem inline/);
    assert.match(seen, /request to elsewhere: http:\/\/elsewhere\.example/);
    watch.allow(/./);
  });
});
