// npm's oidc-provider on a loopback port. It reads one command per line of JSON and answers each
// with one line; whoever comes to log in is Mary.

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import Provider from 'oidc-provider';

// Standard output is for answers.
console.info = console.error;

const MARY = { name: 'Mary Somerville', email: 'mary@example.org', email_verified: true };

const server = createServer().listen(0, '127.0.0.1');
await once(server, 'listening');
const issuer = `http://127.0.0.1:${server.address().port}`;
const cookieKey = randomBytes(32).toString('hex');
let answer;
let provider;

server.on('request', (request, response) => {
  if (request.url.startsWith('/interaction/')) {
    provider
      .interactionFinished(request, response, { login: { accountId: 'mary' } })
      .catch((error) => response.writeHead(500).end(String(error)));
  } else {
    answer(request, response);
  }
});

/** A provider with new keys: those that it had are gone. */
function start({ clients, algorithm, requirePushed }) {
  const [type, options] =
    algorithm === 'RS256' ? ['rsa', { modulusLength: 2048 }]
    : algorithm === 'ES256' ? ['ec', { namedCurve: 'P-256' }]
    : ['ed25519', {}];
  const key = generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' });
  provider = new Provider(issuer, {
    clients: clients.map((client) => ({ id_token_signed_response_alg: algorithm, ...client })),
    jwks: { keys: [{ ...key, use: 'sig', alg: algorithm }] },
    cookies: { keys: [cookieKey] },
    claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
    // Name and address are told at the userinfo endpoint only.
    conformIdTokenClaims: true,
    pkce: { required: () => true },
    clientAuthMethods: [
      'client_secret_basic',
      'client_secret_post',
      'client_secret_jwt',
      'private_key_jwt',
      'none',
    ],
    enabledJWA: {
      idTokenSigningAlgValues: ['RS256', 'ES256', 'EdDSA'],
      clientAuthSigningAlgValues: ['HS256', 'RS256', 'ES256', 'EdDSA'],
    },
    features: {
      devInteractions: { enabled: false },
      pushedAuthorizationRequests: {
        enabled: true,
        requirePushedAuthorizationRequests: requirePushed,
      },
      rpInitiatedLogout: { enabled: true },
      backchannelLogout: { enabled: true },
    },
    // Its own dispatcher refuses loopback addresses, where the application under test is.
    fetch: (url, { dispatcher, ...options }) => fetch(url, options),
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    issueRefreshToken: async () => true,
    rotateRefreshToken: true,
    ttl: { Session: 600, Interaction: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...MARY }) }),
    // Signing in is consent enough here.
    async loadExistingGrant(context) {
      const { client, session, params, provider } = context.oidc;
      const { clientId } = client;
      const grant = new provider.Grant({ clientId, accountId: session.accountId });
      grant.addOIDCScope(params.scope);
      await grant.save();
      return grant;
    },
    renderError(context, out) {
      context.type = 'text';
      context.body = `${out.error}: ${out.error_description}`;
    },
  });
  provider.on('server_error', (_, error) => console.error(error));
  answer = provider.callback();
}

for await (const line of createInterface({ input: process.stdin })) {
  start(JSON.parse(line));
  console.log(JSON.stringify({ issuer }));
}
server.close();
server.closeAllConnections();
