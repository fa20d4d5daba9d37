import Link from 'next/link';
import { Providers } from './providers';
import { getServerSession } from './session';

export const metadata = { title: 'Next.js and typegate', icons: { icon: 'data:,' } };

export default async function Layout({ children }) {
  return (
    <html lang="en">
      <body>
        <nav>
          <Link href="/">Home</Link> <Link href="/members">Members</Link>
        </nav>
        <Providers session={await getServerSession()}>
          <main>{children}</main>
        </Providers>
      </body>
    </html>
  );
}
