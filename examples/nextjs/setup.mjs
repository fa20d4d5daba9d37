// Run by `npm ci`: writes the settings that Next.js and typegate share, with secrets of your own.

import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';

const secret = () => randomBytes(32).toString('base64url');

if (!existsSync('.env')) {
  const lines = [
    '# Read by both, by these names: next-auth/middleware and getToken know no others.',
    'NEXTAUTH_URL=http://localhost:3000',
    `NEXTAUTH_SECRET=${secret()}`,
    '# Where typegate listens, and where Next.js finds it. The second is fixed by `next build`.',
    'TYPEGATE_ADDRESS=127.0.0.1:3001',
    'TYPEGATE_URL=http://127.0.0.1:3001',
    '# Where typegate asks whether a password is right, and what it shows there.',
    'AUTHORIZE_ENDPOINT=http://localhost:3000/api/authorize',
    `AUTHORIZE_SECRET=${secret()}`,
    'DATABASE_URL=sqlite://auth.db',
    'OIDC_ISSUER=http://localhost:3100',
    'OIDC_CLIENT_ID=client',
    'OIDC_CLIENT_SECRET=s3cr3t',
  ];
  writeFileSync('.env', `${lines.join('\n')}\n`, { mode: 0o600 });
}
