// The page: next-auth/react as its documentation shows it, with a button for everything.

import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import { SessionProvider, signIn, signOut, useSession } from 'next-auth/react';

const options = new URLSearchParams(location.search);

function Session() {
  const { data, status } = useSession();
  return (
    <dl>
      <dt>Status</dt>
      <dd id="status">{status}</dd>
      <dt>Name</dt>
      <dd id="name">{data?.user?.name ?? 'nobody'}</dd>
      <dt>E-mail</dt>
      <dd id="email">{data?.user?.email ?? 'nobody'}</dd>
    </dl>
  );
}

function Controls() {
  const { update } = useSession();
  const [result, setResult] = useState('');
  const show = async (promise) => setResult(JSON.stringify((await promise) ?? null));
  const withPassword = (event, redirect) => {
    const { username, password } = event.target.form;
    show(signIn('credentials', {
      username: username.value,
      password: password.value,
      redirect,
    }));
  };
  const withEmail = (event, redirect) =>
    show(signIn('email', { email: event.target.form.email.value, redirect }));
  const rename = (event) => show(update({ name: event.target.form.name.value }));
  return (
    <>
      <form aria-label="Password">
        <label>User name <input name="username" /></label>
        <label>Password <input name="password" type="password" /></label>
        <button type="button" onClick={(event) => withPassword(event, true)}>Sign in</button>
        <button type="button" onClick={(event) => withPassword(event, false)}>
          Sign in and stay
        </button>
      </form>
      <form aria-label="E-mail">
        <label>Address <input name="email" /></label>
        <button type="button" onClick={(event) => withEmail(event, true)}>Send a link</button>
        <button type="button" onClick={(event) => withEmail(event, false)}>
          Send a link and stay
        </button>
      </form>
      <button onClick={() => signIn('development')}>Sign in with the development provider</button>
      <button onClick={() => signIn()}>Choose</button>
      <form aria-label="Update">
        <label>New name <input name="name" /></label>
        <button type="button" onClick={rename}>Update</button>
      </form>
      <button onClick={() => signOut()}>Sign out</button>
      <button onClick={() => show(signOut({ redirect: false }))}>Sign out and stay</button>
      <p><a href="/members">Members</a></p>
      <output id="result">{result}</output>
    </>
  );
}

function Members() {
  const { data, status } = useSession({ required: true });
  return status === 'loading' ? <p>…</p> : <h1>Welcome, {data.user.name}</h1>;
}

createRoot(document.getElementById('root')).render(
  <SessionProvider refetchInterval={Number(options.get('interval') ?? 0)}>
    {location.pathname === '/members' ? <Members /> : <><Session /><Controls /></>}
  </SessionProvider>,
);
