// How the pages look. With SCREENSHOTS=folder the pictures are kept.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { assertAccessible } from './axe.mjs';
import { launchBrowser, openVisitor } from './browser.mjs';
import { allowStatusOf, PAGES } from './pages.mjs';
import { startQuickstart } from './server.mjs';
import { enterPassword, goToProvider, leaveAuthPages } from './steps.mjs';

const SIZES = [
  { width: 1280, height: 900 },
  { width: 390, height: 844 },
  { width: 320, height: 640 },
];
const folder = process.env.SCREENSHOTS;

let server;
let browser;
before(async () => {
  if (folder) await mkdir(folder, { recursive: true });
  server = await startQuickstart();
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

describe('a page fits the window', () => {
  for (const viewport of SIZES) {
    for (const colorScheme of ['light', 'dark']) {
      test(`${viewport.width}x${viewport.height}, ${colorScheme}`, async () => {
        const { context, watch } = await openVisitor(browser, { viewport, colorScheme });
        const page = await context.newPage();
        const look = (name) => examine(page, `${name}-${viewport.width}-${colorScheme}`, colorScheme);
        for (const entry of PAGES) {
          allowStatusOf(entry, watch);
          await page.goto(server.site + entry.path);
          await look(entry.name);
        }
        await goToProvider(page, server);
        await look('development-provider');
        await page.goto(`${server.site}/api/auth/signin`);
        await enterPassword(page, 'ada', '1815');
        await leaveAuthPages(page);
        await page.goto(server.site);
        await look('home-signed-in');
        await page.goto(`${server.site}/account`);
        await look('account');
        await context.close();
        watch.assertQuiet();
      });
    }
  }
});

async function examine(page, name, colorScheme) {
  const { overflow, color } = await page.evaluate(() => ({
    overflow: document.documentElement.scrollWidth - innerWidth,
    color: getComputedStyle(document.body).color,
  }));
  assert.ok(overflow <= 0, `${name} is ${overflow} px too wide`);
  const brightness = color.match(/\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
  assert.equal(brightness > 384 ? 'dark' : 'light', colorScheme, `${name}: the text is ${color}`);
  await assertAccessible(page, name);
  const path = folder && join(folder, `${name}.png`);
  await page.screenshot({ path, animations: 'disabled' });
}
