import { getServerSession } from '../session';
import { Visitor } from '../visitor';

export const metadata = { title: 'Members' };

export default async function Members() {
  const { user } = await getServerSession();
  return (
    <>
      <h1>Members</h1>
      <p>
        The server sees <span id="server">{user.name}</span>.
      </p>
      <Visitor />
    </>
  );
}
