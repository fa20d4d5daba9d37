// What people do on the pages, step by step.

import assert from 'node:assert/strict';

export const SESSION_COOKIE = 'next-auth.session-token';

/** From the home page to the login page of the provider. */
export async function goToProvider(page, { site, provider }) {
  await page.goto(site);
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.waitForURL(`${site}/api/auth/signin*`);
  await pressProviderButton(page);
  await page.waitForURL(`${provider}/**`);
}

export function pressProviderButton(page) {
  return page.getByRole('button', { name: 'Sign in with the development provider' }).click();
}

/** Fills in the development provider's login form. */
export async function logIn(page, name, email) {
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('E-mail', { exact: true }).fill(email);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Fills in the credentials form of the sign-in page. */
export async function enterPassword(page, name, password) {
  await page.getByLabel('User name').fill(name);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in with a password' }).click();
}

/** Waits until a flow has ended on a page of the application. */
export function leaveAuthPages(page) {
  return page.waitForURL((url) => !url.pathname.startsWith('/api/'));
}

/** Waits until a page is back from the provider, and past the auth pages. */
export function comeBack(page, site) {
  return page.waitForURL((url) => url.origin === site && !url.pathname.startsWith('/api/'));
}

export async function assertSignedIn(page, site, name, email) {
  await page.waitForURL(`${site}/`);
  assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Signed in');
  assert.equal(await page.locator('#name').innerText(), name);
  assert.equal(await page.locator('#email').innerText(), email);
}

export async function assertSignedOut(page, site) {
  await page.goto(site);
  assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Not signed in');
  assert.equal(await sessionCookie(page, site), undefined);
}

/** The sign-in page, explaining an error. */
export async function assertExplained(page, site, code, text) {
  await page.waitForURL(`${site}/api/auth/signin?error=${code}`);
  assert.equal(await page.getByRole('alert').innerText(), text);
}

export async function sessionCookie(page, site) {
  const cookies = await page.context().cookies(site);
  return cookies.find(({ name }) => name === SESSION_COOKIE);
}
