import { headers } from 'next/headers';
import { cache } from 'react';

/** What `getServerSession` is where NextAuth runs inside the application; null if nobody is signed in. */
export const getServerSession = cache(async () => {
  const cookie = (await headers()).get('cookie') ?? '';
  const answer = await fetch(`${process.env.TYPEGATE_URL}/api/auth/session`, {
    headers: { cookie },
    cache: 'no-store',
  });
  if (!answer.ok) throw new Error(`the session could not be read: status ${answer.status}`);
  const session = await answer.json();
  return session.user ? session : null;
});
