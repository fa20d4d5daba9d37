import { getToken } from 'next-auth/jwt';

/** The claims of the session cookie, opened here with NEXTAUTH_SECRET: nothing is asked of typegate. */
export async function GET(request) {
  const token = await getToken({ req: request });
  return Response.json(token, { status: token ? 200 : 401 });
}
