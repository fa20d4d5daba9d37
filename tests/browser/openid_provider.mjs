// An identity provider that shares no code with the one under test: npm's oidc-provider.

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const PEOPLE = {
  mary: { name: 'Mary Somerville', email: 'mary@example.org', email_verified: true },
  emmy: { name: 'Emmy Noether', email: 'emmy@example.org', email_verified: true },
};

/**
 * By number and not by name, so that the browser takes site and provider for two sites: cookies
 * with SameSite do what they do between real ones.
 */
export async function startOpenIdProvider({ site, id = 'development' }) {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, configuration(`${site}/api/auth/callback/${id}`));
  const requests = [];
  const application = provider.callback();

  server.on('request', (request, response) => {
    const url = new URL(request.url, issuer);
    const hasBasic = /^Basic /i.test(request.headers.authorization ?? '');
    requests.push({ path: url.pathname, query: Object.fromEntries(url.searchParams), hasBasic });
    if (url.pathname.startsWith('/interaction/')) {
      interact(provider, request, response).catch((error) => {
        response.writeHead(500).end(String(error));
      });
    } else {
      application(request, response);
    }
  });
  const stop = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return { issuer, requests, stop };
}

function configuration(callback) {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    clients: [
      {
        client_id: 'client',
        client_secret: 's3cr3t',
        redirect_uris: [callback],
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
    // Name and address are told at the userinfo endpoint only.
    conformIdTokenClaims: true,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    ttl: { Session: 600, Interaction: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
    findAccount: (_, id) =>
      Object.hasOwn(PEOPLE, id)
        ? { accountId: id, claims: () => ({ sub: id, ...PEOPLE[id] }) }
        : undefined,
    // Signing in is consent enough here.
    async loadExistingGrant(context) {
      const { client, session, params, provider } = context.oidc;
      const grant = new provider.Grant({
        clientId: client.clientId,
        accountId: session.accountId,
      });
      grant.addOIDCScope(params.scope);
      await grant.save();
      return grant;
    },
    renderError(context, out) {
      context.type = 'text';
      context.body = `${out.error}: ${out.error_description}`;
    },
  };
}

/** The login page: a button for each person, and one to refuse. */
async function interact(provider, request, response) {
  if (request.method === 'POST') {
    let body = '';
    for await (const chunk of request) body += chunk;
    const accountId = new URLSearchParams(body).get('account');
    const result = accountId ? { login: { accountId } } : { error: 'access_denied' };
    await provider.interactionFinished(request, response, result);
    return;
  }
  const { prompt } = await provider.interactionDetails(request, response);
  const buttons = Object.entries(PEOPLE).map(
    ([id, { name }]) => `<button name="account" value="${id}">${name}</button>`,
  );
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(`<!doctype html>
    <html lang="en"><title>Independent provider</title><link rel="icon" href="data:,">
    <h1>Who are you?</h1><p id="prompt">${prompt.name}: ${prompt.reasons.join(' ')}</p>
    <form method="post">${buttons.join(' ')} <button>Refuse</button></form></html>`);
}
