// The built-in pages of a site with many ways to sign in.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { assertAccessible } from './axe.mjs';
import { openVisitor } from './browser.mjs';
import { visited } from './fixture.mjs';
import { BUTTONS, startGallery } from './gallery.mjs';

const on = visited(startGallery);
const folder = process.env.SCREENSHOTS;

/** A visitor with a window, a colour scheme or a language of their own. */
async function asVisitor(options, run) {
  const { context, watch } = await openVisitor(on.browser, options);
  try {
    await run(await context.newPage(), watch);
  } finally {
    await context.close();
  }
  watch.assertQuiet();
}

async function keep(page, name) {
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

describe('the sign-in page', () => {
  for (const width of [320, 390, 1280]) {
    for (const colorScheme of ['light', 'dark']) {
      test(`with many buttons fits ${width} px, ${colorScheme}`, async () => {
        await asVisitor({ viewport: { width, height: 900 }, colorScheme }, async (page) => {
          await page.goto(`${on.server.site}/api/auth/signin`);
          const overflow = await page.evaluate(
            () => document.documentElement.scrollWidth - innerWidth,
          );
          assert.ok(overflow <= 0, `${overflow} px too wide`);
          const marks = page.locator('.providers .mark');
          assert.equal(await marks.count(), BUTTONS.length);
          const boxes = await Promise.all((await marks.all()).map((mark) => mark.boundingBox()));
          const columns = new Set(boxes.map(({ x }) => Math.round(x)));
          assert.equal(columns.size, width === 320 ? 1 : 2, `${[...columns]}`);
          await keep(page, `many-${width}-${colorScheme}`);
          await assertAccessible(page, `${width}, ${colorScheme}`);
        });
      });
    }
  }

  test('names each way in whole, though it shows the name only', async () => {
    const { page, server } = on;
    await page.goto(`${server.site}/api/auth/signin`);
    await page.getByRole('heading', { name: 'Sign in to Acme', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Sign in with GitHub', exact: true }).waitFor();
    await page.getByRole('main').waitFor();
    // One of them is filled.
    const ground = (name) =>
      page.getByRole('button', { name, exact: true }).evaluate(
        (button) => getComputedStyle(button).backgroundColor,
      );
    assert.equal(await ground('Sign in with Email'), 'rgb(255, 215, 0)');
    assert.equal(await ground('Sign in with password'), await ground('Sign in with Slack'));
  });

  test('can be left by the keyboard alone, in the order that is seen', async () => {
    const { page, server } = on;
    await page.goto(`${server.site}/api/auth/signin`);
    const seen = [];
    for (let press = 0; press < BUTTONS.length + 4; press += 1) {
      const text = await page.locator(':focus').evaluate(
        (element) => element.name || element.textContent,
      );
      seen.push(text);
      await page.keyboard.press('Tab');
    }
    assert.deepEqual(seen.slice(0, 6), [
      'email',
      'Sign in with Email',
      'username',
      'password',
      'Sign in with password',
      'Sign in with Google',
    ]);
  });

  for (const [locale, heading, button] of [
    ['de-AT', 'Bei Acme anmelden', 'Mit GitHub anmelden'],
    ['fr-FR', 'Se connecter à Acme', 'Se connecter avec GitHub'],
    ['es-MX', 'Iniciar sesión en Acme', 'Iniciar sesión con GitHub'],
    ['pt-BR', 'Entrar em Acme', 'Entrar com GitHub'],
    ['ja-JP', 'Acme にログイン', 'GitHub でログイン'],
    ['zh-CN', '登录 Acme', '使用 GitHub 登录'],
    ['nl-NL', 'Sign in to Acme', 'Sign in with GitHub'],
  ]) {
    test(`speaks ${locale}, or English`, async () => {
      await asVisitor({ locale, viewport: { width: 320, height: 900 } }, async (page) => {
        await page.goto(`${on.server.site}/api/auth/signin`);
        await page.getByRole('heading', { name: heading, exact: true }).waitFor();
        await page.getByRole('button', { name: button, exact: true }).waitFor();
        await keep(page, `many-${locale}`);
        await assertAccessible(page, locale);
      });
    });
  }

  test('is laid out from right to left where a language is', async () => {
    const { page, server } = on;
    await page.goto(`${server.site}/api/auth/signin`);
    const distance = () =>
      page.locator('.providers button').first().evaluate((button) => {
        const mark = button.querySelector('.mark').getBoundingClientRect();
        const box = button.getBoundingClientRect();
        return { left: mark.left - box.left, right: box.right - mark.right };
      });
    const before = await distance();
    await page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'));
    const after = await distance();
    assert.equal(Math.round(after.right), Math.round(before.left));
    assert.ok(after.left > after.right);
  });

  test('shows the focus by the brand colour as far as it is seen', async () => {
    const { page, server } = on;
    await page.goto(`${server.site}/api/auth/signin`);
    const ring = await page.locator(':focus').evaluate(
      (field) => getComputedStyle(field).outlineColor,
    );
    // Gold itself cannot be seen on white.
    const [red, green, blue] = ring.match(/\d+/g).map(Number);
    assert.ok(red < 160 && green < 130 && blue < 40, ring);
    assert.ok(red > 60, 'and it is no mere black');
  });
});

describe('a hundred ways to sign in', () => {
  let many;
  before(async () => {
    many = await startGallery(100 - BUTTONS.length);
  });
  after(() => many?.stop());

  for (const width of [320, 390, 1280]) {
    for (const colorScheme of ['light', 'dark']) {
      test(`fold at ${width} px, ${colorScheme}`, async () => {
        await asVisitor({ viewport: { width, height: 900 }, colorScheme }, async (page) => {
          const measure = () =>
            page.evaluate(() => ({
              overflow: document.documentElement.scrollWidth - innerWidth,
              height: document.documentElement.scrollHeight,
            }));
          await page.goto(`${many.site}/api/auth/signin`);
          const last = page.getByRole('button', { name: 'Sign in with Company 92', exact: true });
          assert.equal(await last.isVisible(), false);
          assert.equal(await page.getByRole('button').filter({ visible: true }).count(), 2 + 8);
          const folded = await measure();
          assert.ok(folded.overflow <= 0 && folded.height < 1300, JSON.stringify(folded));
          await keep(page, `folded-${width}-${colorScheme}`);
          await assertAccessible(page, `folded, ${width}, ${colorScheme}`);

          await page.getByText('More ways to sign in', { exact: true }).focus();
          await page.keyboard.press('Enter');
          assert.equal(await last.isVisible(), true);
          const unfolded = await measure();
          assert.ok(unfolded.overflow <= 0, JSON.stringify(unfolded));
          const marks = await page.locator('details .mark').all();
          const boxes = await Promise.all(marks.map((mark) => mark.boundingBox()));
          const columns = new Set(boxes.map(({ x }) => Math.round(x)));
          assert.equal(columns.size, { 320: 1, 390: 2, 1280: 4 }[width], `${[...columns]}`);
          await keep(page, `unfolded-${width}-${colorScheme}`);
          await assertAccessible(page, `unfolded, ${width}, ${colorScheme}`);
        });
      });
    }
  }
});

describe('the e-mail form', () => {
  test('keeps the address after a failure, and has the focus', async () => {
    const { page, server } = on;
    await page.goto(`${server.site}/api/auth/signin`);
    await page.getByLabel('Email').fill('ada@example.com');
    await page.getByRole('button', { name: 'Sign in with Email' }).click();
    await page.waitForURL('**/signin?error=EmailSignin');
    assert.equal(await page.getByLabel('Email').inputValue(), 'ada@example.com');
    const field = page.locator(':focus');
    assert.equal(await field.getAttribute('name'), 'email');
    assert.equal(await field.getAttribute('aria-describedby'), 'error');
    await assertAccessible(page, 'after a failure');
  });
});
