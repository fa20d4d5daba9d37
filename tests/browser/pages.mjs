// The pages of the site that need no session, with the status each is answered with.

export const PAGES = [
  { name: 'home', path: '/' },
  { name: 'sign-in', path: '/api/auth/signin' },
  { name: 'sign-in-error', path: '/api/auth/signin?error=OAuthAccountNotLinked' },
  { name: 'sign-out', path: '/api/auth/signout' },
  { name: 'verify-request', path: '/api/auth/verify-request' },
  { name: 'error', path: '/api/auth/error' },
  { name: 'error-access-denied', path: '/api/auth/error?error=AccessDenied', status: 403 },
  { name: 'error-configuration', path: '/api/auth/error?error=Configuration', status: 500 },
  { name: 'error-verification', path: '/api/auth/error?error=Verification', status: 403 },
].map((page) => ({ status: 200, ...page }));

/** Error pages are meant to have their status; Chromium logs it. */
export function allowStatusOf({ path, status }, watch) {
  if (status < 400) return;
  const address = path.replace(/[?.]/g, '\\$&');
  watch.allow(new RegExp(`status of ${status} .*${address}\\)$|^status ${status}: .*${address}$`));
}
