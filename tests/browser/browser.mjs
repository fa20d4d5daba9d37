// Chromium, and a watch over everything its pages do.

import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

const EXECUTABLE = '/usr/bin/chromium';
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Every launch has a new user-data directory, which goes away with it. */
export function launchBrowser() {
  return chromium.launch({ executablePath: EXECUTABLE, args: FLAGS, timeout: 30_000 });
}

/** A browser without cookies, under watch. */
export async function openVisitor(browser, options = {}) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(30_000);
  const watch = new Watch();
  await watch.over(context);
  return { context, watch };
}

/** Remembers what no page may do, and what a test said it expects all the same. */
export class Watch {
  #incidents = [];
  // Whether the first page of a browser asks for an icon is up to the browser: icons have a test of
  // their own.
  #allowed = [/^console: .* 404 .*\/favicon\.ico\)$/];

  async over(context) {
    context.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) {
        this.#incidents.push(`console: ${message.text()} (${message.location().url})`);
      }
    });
    context.on('weberror', (error) => this.#incidents.push(`exception: ${error.error()}`));
    context.on('request', (request) => {
      const url = new URL(request.url());
      const isLocal = ['data:', 'blob:'].includes(url.protocol) || LOOPBACK.has(url.hostname);
      if (!isLocal) this.#incidents.push(`request to elsewhere: ${url}`);
    });
    context.on('response', (response) => {
      if (response.status() >= 500) {
        this.#incidents.push(`status ${response.status()}: ${response.url()}`);
      }
    });
    // Chromium tells most violations on the console too, but not those of a page that it leaves.
    await context.exposeBinding('reportViolation', ({ page }, directive, blocked) => {
      this.#incidents.push(`policy violation: ${directive} ${blocked} on ${page.url()}`);
    });
    await context.addInitScript(() => {
      addEventListener('securitypolicyviolation', (event) => {
        globalThis.reportViolation(event.effectiveDirective, event.blockedURI);
      });
    });
  }

  /** Chromium logs every page with an error status; some tests visit such pages on purpose. */
  allow(pattern) {
    this.#allowed.push(pattern);
  }

  incidents() {
    return this.#incidents.filter((text) => !this.#allowed.some((allowed) => allowed.test(text)));
  }

  assertQuiet() {
    assert.deepEqual(this.incidents(), []);
  }
}
