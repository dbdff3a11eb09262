import { randomUUID } from 'node:crypto';
import { currency } from '../system/catalogue.ts';
import type { Client, User } from './client.ts';

const atOnce = 20;
/** More than a user of the load ever spends. */
const probersMoney = 500_000_000_000;

/** Makes users with accounts; the first has more money than it can spend. */
export async function makeUsers(client: Client, url: string, count: number): Promise<[User, ...User[]]> {
  const users: User[] = [];
  while (users.length < count) {
    const few = Array.from({ length: Math.min(atOnce, count - users.length) }, () => makeUser(url));
    users.push(...(await Promise.all(few)));
  }
  const [prober, ...crowd] = users as [User, ...User[]];
  await client.persist({
    operation: 'charge',
    user: prober,
    method: 'POST',
    path: '/v1/balance/charges',
    body: { amount: probersMoney, currency },
    key: randomUUID(),
  });
  return [prober, ...crowd];
}

async function makeUser(url: string): Promise<User> {
  const response = await fetch(`${url}/v1/dev/users`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'chaos' }),
  });
  if (!response.ok) throw new Error(`no user could be made: ${response.status} ${await response.text()}`);
  return (await response.json()) as User;
}
