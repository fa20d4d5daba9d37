'use client';

import { signIn, signOut, useSession } from 'next-auth/react';

/** Who is there, as the browser knows it, and what they can do about it. */
export function Visitor() {
  const { data: session, status, update } = useSession();
  return (
    <section>
      <p>
        The browser sees <span id="client">{session?.user.name ?? 'nobody'}</span>:{' '}
        <span id="status">{status}</span>.
      </p>
      {session ? (
        <>
          <p>
            Until <time id="expires">{session.expires}</time>.
          </p>
          <button onClick={() => update()}>Update</button>{' '}
          <button onClick={() => signOut()}>Sign out</button>
        </>
      ) : (
        <>
          <button onClick={() => signIn('development')}>
            Sign in with the development provider
          </button>{' '}
          <button onClick={() => signIn()}>Choose how to sign in</button>
        </>
      )}
    </section>
  );
}
