// axe-core: whether a page keeps to the Web Content Accessibility Guidelines, as far as a program
// can tell.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The page as it is shown now has no violation. */
export async function assertAccessible(page, name) {
  // As an expression: the pages' policy lets no script element in.
  await page.evaluate(SOURCE);
  const { violations, passes } = await page.evaluate(() => globalThis.axe.run(document));
  const told = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
  );
  assert.deepEqual(told, [], name);
  // A page that was not looked at has none either.
  assert.ok(passes.some(({ id }) => id === 'color-contrast'), name);
}
