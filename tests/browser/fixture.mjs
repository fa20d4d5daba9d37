// One server and one browser for the tests of a file, one visitor for each test.

import assert from 'node:assert/strict';
import { after, before, beforeEach, afterEach } from 'node:test';
import { launchBrowser, openVisitor } from './browser.mjs';

/**
 * Registers the hooks. `start` gives the running site; the returned object has it, and the current
 * test's page, filled in by the time a test runs.
 */
export function visited(start) {
  const fixture = {};
  before(async () => {
    fixture.server = await start();
    fixture.browser = await launchBrowser();
  });
  after(async () => {
    await fixture.browser?.close();
    await fixture.server?.stop();
  });
  beforeEach(async () => {
    const { context, watch } = await openVisitor(fixture.browser);
    Object.assign(fixture, { context, watch, page: await context.newPage() });
  });
  // So every test is also one for quiet pages and a server that survives them.
  afterEach(async () => {
    await fixture.context.close();
    fixture.watch.assertQuiet();
    assert.ok(fixture.server.isRunning(), fixture.server.log());
    assert.doesNotMatch(fixture.server.log(), /panicked/);
  });
  return fixture;
}
