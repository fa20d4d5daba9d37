// An application that is not written in Rust, with `typegate serve` beside it: it passes the auth
// routes on, asks for the session with the visitor's cookies, and checks passwords itself.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request as httpRequest } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BUILT = fileURLToPath(new URL('../../target/debug/typegate', import.meta.url));
const CONFIGURATION = fileURLToPath(new URL('../../examples/auth.toml', import.meta.url));
const SHARED_SECRET = 'known to the application and to typegate';

/** Starts both. `issuer` is where people of `Acme` sign in. */
export async function startSidecar({ port, issuer }) {
  const binary = process.env.TYPEGATE || BUILT;
  if (!existsSync(binary)) {
    throw new Error(`${binary} is missing: run "cargo build --features cli --bin typegate" first`);
  }
  const site = `http://localhost:${port}`;
  const folder = await mkdtemp(join(tmpdir(), 'sidecar-'));
  const child = spawn(binary, ['serve', '--verbose', '--config', CONFIGURATION], {
    env: {
      NEXTAUTH_URL: site,
      NEXTAUTH_SECRET: 'for this test only, known to everybody who reads it',
      TYPEGATE_ADDRESS: '127.0.0.1:0',
      DATABASE_URL: `sqlite://${join(folder, 'auth.db')}`,
      OIDC_ISSUER: issuer,
      OIDC_CLIENT_ID: 'client',
      OIDC_CLIENT_SECRET: 's3cr3t',
      AUTHORIZE_ENDPOINT: `http://127.0.0.1:${port}/authorize`,
      AUTHORIZE_SECRET: SHARED_SECRET,
      NO_COLOR: '1',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const killIt = () => child.kill();
  process.once('exit', killIt);
  let log = '';
  let isDown = false;
  const exit = new Promise((resolve) => child.once('exit', resolve)).then(() => (isDown = true));
  const upstream = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`typegate ended:\n${log}`)));
    child.stderr.on('data', (text) => {
      log += text;
      const address = /listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(log);
      if (address) resolve(Number(address[1]));
    });
  });
  const asked = [];
  const server = createServer((request, response) => {
    answer(request, response, upstream, asked).catch((error) => {
      response.writeHead(500).end(String(error));
    });
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');

  const stop = async () => {
    server.close();
    server.closeAllConnections();
    child.kill();
    await exit;
    process.off('exit', killIt);
    await rm(folder, { recursive: true, force: true });
  };
  return { site, provider: issuer, asked, log: () => log, isRunning: () => !isDown, stop };
}

async function answer(request, response, upstream, asked) {
  const { pathname } = new URL(request.url, 'http://localhost');
  if (pathname.startsWith('/api/auth/')) {
    const { method, url: path, headers } = request;
    const passedOn = httpRequest(
      { host: '127.0.0.1', port: upstream, method, path, headers },
      (reply) => {
        response.writeHead(reply.statusCode, reply.rawHeaders);
        reply.pipe(response);
      },
    );
    passedOn.on('error', () => response.writeHead(502).end());
    request.pipe(passedOn);
    return;
  }
  if (pathname === '/authorize' && request.method === 'POST') {
    let body = '';
    for await (const chunk of request) body += chunk;
    const isTypegate = request.headers.authorization === `Bearer ${SHARED_SECRET}`;
    const credentials = JSON.parse(body);
    asked.push({ isTypegate, credentials });
    const isAda = credentials.username === 'ada' && credentials.password === '1815';
    if (!isTypegate || !isAda) return void response.writeHead(401).end();
    const user = { id: 'ada', name: 'Ada Lovelace', email: 'ada@example.com' };
    return void response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify(user));
  }
  if (pathname !== '/') return void response.writeHead(404).end();
  const session = await fetch(`http://127.0.0.1:${upstream}/api/auth/session`, {
    headers: { cookie: request.headers.cookie ?? '' },
  });
  const { user } = await session.json();
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(`<!doctype html>
    <html lang="en"><title>An application</title><link rel="icon" href="data:,">
    <h1>${user ? 'Signed in' : 'Not signed in'}</h1>
    ${user ? `<p id="name">${user.name}</p><p id="email">${user.email}</p>` : ''}
    <a href="/api/auth/${user ? 'signout' : 'signin'}">${user ? 'Sign out' : 'Sign in'}</a></html>`);
}
