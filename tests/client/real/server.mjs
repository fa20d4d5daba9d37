// The real next-auth 4 or @auth/core 5 as a server: node server.mjs next-auth|@auth/core
//
// Says its address on standard output. The packages are those of tests/interchange.

import { createRequire } from 'node:module';
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';

const require = createRequire(new URL('../../interchange/package.json', import.meta.url));
const silent = { error() {}, warn() {}, debug() {} };

/** Knows ada with the password 1815; a `jwt` callback takes a new name from an update. */
const configuration = (refusal) => ({
  secret: 'a secret for tests, long enough for all of us',
  logger: silent,
  session: { strategy: 'jwt' },
  providers: [
    {
      id: 'idp',
      name: 'An identity provider',
      type: 'oauth',
      clientId: 'client',
      clientSecret: 's3cr3t',
      authorization: 'https://idp.example/authorize?scope=profile',
      token: 'https://idp.example/token',
      userinfo: 'https://idp.example/userinfo',
      profile: ({ sub }) => ({ id: sub }),
    },
    {
      id: 'credentials',
      name: 'A password',
      type: 'credentials',
      credentials: { username: {}, password: {} },
      async authorize({ username, password }) {
        if (username === 'locked') throw refusal;
        const isAda = username === 'ada' && password === '1815';
        return isAda ? { id: '1', name: 'Ada Lovelace', email: 'ada@example.com' } : null;
      },
    },
  ],
  callbacks: {
    jwt: ({ token, trigger, session }) =>
      trigger === 'update' ? { ...token, name: session?.name ?? 'looked up again' } : token,
    session: ({ session, token }) => ({ ...session, user: { ...session.user, name: token.name } }),
  },
});

async function text(request) {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}

/** What Next.js does for an API route before it calls the handler. */
async function nextAuth(origin) {
  process.env.NEXTAUTH_URL = origin;
  const NextAuth = require('next-auth').default;
  const cookies = createRequire(require.resolve('next-auth'))('cookie');
  const options = configuration(new Error('This account is locked'));
  return async (request, response) => {
    const url = new URL(request.url, origin);
    const body = await text(request);
    const isJson = request.headers['content-type']?.startsWith('application/json');
    Object.assign(request, {
      query: {
        ...Object.fromEntries(url.searchParams),
        nextauth: url.pathname.split('/').slice(3),
      },
      cookies: cookies.parse(request.headers.cookie ?? ''),
      body: isJson ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body)),
    });
    response.status = (status) => Object.assign(response, { statusCode: status });
    response.json = (content) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(content));
    };
    response.send = (content) =>
      typeof content === 'object' ? response.json(content) : response.end(content);
    await NextAuth(request, response, options);
  };
}

async function authJs(origin) {
  const load = (name) => import(pathToFileURL(require.resolve(name)));
  const { Auth } = await load('@auth/core');
  const { CredentialsSignin } = await load('@auth/core/errors');
  class Locked extends CredentialsSignin {
    code = 'locked';
  }
  const options = { ...configuration(new Locked()), basePath: '/auth', trustHost: true };
  return async (request, response) => {
    const body = await text(request);
    const reply = await Auth(
      new Request(new URL(request.url, origin), {
        method: request.method,
        headers: request.headers,
        body: request.method === 'POST' ? body : undefined,
      }),
      options,
    );
    for (const [name, value] of reply.headers) {
      if (name !== 'set-cookie') response.setHeader(name, value);
    }
    response.setHeader('set-cookie', reply.headers.getSetCookie());
    response.writeHead(reply.status).end(await reply.text());
  };
}

const server = createServer().listen(0, '127.0.0.1', async () => {
  const origin = `http://127.0.0.1:${server.address().port}`;
  const handle = await (process.argv[2] === 'next-auth' ? nextAuth : authJs)(origin);
  server.on('request', (request, response) => {
    handle(request, response).catch((error) => response.writeHead(500).end(String(error)));
  });
  console.log(origin);
});
// It ends with the test that started it.
process.stdin.on('end', () => process.exit()).resume();
