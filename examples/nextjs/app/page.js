import { getServerSession } from './session';
import { Visitor } from './visitor';

export default async function Home() {
  const session = await getServerSession();
  return (
    <>
      <h1>{session ? 'Signed in' : 'Not signed in'}</h1>
      <p>
        The server sees <span id="server">{session?.user.name ?? 'nobody'}</span>.
      </p>
      <Visitor />
    </>
  );
}
