import { createHash, timingSafeEqual } from 'node:crypto';

const digest = (text) => createHash('sha256').update(text).digest();

/** Asked by typegate whether a password is right. A real application compares a password hash. */
export async function POST(request) {
  const expected = `Bearer ${process.env.AUTHORIZE_SECRET}`;
  const given = request.headers.get('authorization') ?? '';
  if (!timingSafeEqual(digest(given), digest(expected))) {
    return new Response(null, { status: 401 });
  }
  const { username, password } = await request.json();
  if (username !== 'ada' || password !== '1815') return new Response(null, { status: 401 });
  return Response.json({ id: 'ada', name: 'Ada Lovelace', email: 'ada@example.com' });
}
