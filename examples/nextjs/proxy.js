// Signed-in people only; others are sent to the sign-in page and come back. Next.js before version 16
// calls this file `middleware.js`.

import { withAuth } from 'next-auth/middleware';

export default withAuth({});

export const config = { matcher: ['/members/:path*'] };
