import { setTimeout as sleep } from 'node:timers/promises';
import { currency, type Seat } from '../system/catalogue.ts';
import { holdTtlMs } from '../system/settings.ts';
import type { Answer, Client, Request, User } from './client.ts';
import type { Post, Read, Session } from './plan.ts';
import { type Place, queueFor } from './queue.ts';

export type Scene = { client: Client; users: readonly User[]; seats: readonly Seat[] };

/** Plays a session: charge, queue, hold, pay, read back, as planned and as far as it goes. */
export async function play(scene: Scene, session: Session): Promise<void> {
  const { client } = scene;
  const user = scene.users[session.user] as User;
  const seat = scene.seats[session.seat] as Seat;

  const { amount } = session.charge;
  if (amount !== undefined) {
    const charge = { operation: 'charge', user, method: 'POST', path: '/v1/balance/charges' } as const;
    await sendPost(client, { ...charge, body: { amount, currency } }, session.charge);
  }
  const place = await queueFor(client, user, { concertId: seat.concertId });
  const held = place && (await sendPost(client, holdOf(user, seat, place), session.hold));
  const paid = held?.status === 201 && session.next !== 'leave' && (await pay(scene, session, user, held));
  if (place && held?.status !== 201) await place.leave();
  await readBack(client, user, seat, session.reads, held, paid || undefined);
}

const holdOf = (user: User, { concertSeatId }: Seat, { token }: Place): Request => ({
  operation: 'hold',
  user,
  method: 'POST',
  path: '/v1/reservations',
  body: { concertSeatId },
  queueToken: token,
});

async function pay(
  { client }: Scene,
  session: Session,
  user: User,
  { body: { reservationId } }: Answer,
): Promise<Answer | undefined> {
  // Its token is asked for in time; the payment comes too late.
  const place = await queueFor(client, user, { reservationId });
  if (!place) return undefined;
  if (session.next === 'pay-late') await sleep(holdTtlMs + 2_000);
  const request = { operation: 'pay', user, method: 'POST', path: '/v1/payments' } as const;
  return sendPost(client, { ...request, body: { reservationId }, queueToken: place.token }, session.pay);
}

/** Sends a request as often as planned, always with its one key. @returns the first copy's answer */
async function sendPost(client: Client, request: Request, post: Post): Promise<Answer | undefined> {
  const { key, fault, again } = post;
  const keyed: Request = { ...request, key, fault };
  const [answer] = await Promise.all([
    client.persist(keyed),
    ...(again === 'at-once' ? [client.persist(keyed)] : []),
  ]);
  if (again === 'later') await client.persist(keyed);
  return answer;
}

async function readBack(
  client: Client,
  user: User,
  seat: Seat,
  reads: readonly Read[],
  held: Answer | undefined,
  paid: Answer | undefined,
): Promise<void> {
  const reservationId: string | undefined = held?.body.reservationId;
  const paymentId: string | undefined = paid?.body.paymentId;
  const { performanceId } = seat;
  for (const read of reads) {
    const request = { operation: `read-${read}`, user, method: 'GET' } as const;
    if (read === 'balance') await client.send({ ...request, path: '/v1/balance' });
    if (read === 'seats') {
      const path = `/v1/performances/${performanceId}/seats?limit=10`;
      await client.send({ ...request, path, about: { performanceId } });
    }
    if (read === 'reservation' && reservationId)
      await client.send({ ...request, path: `/v1/reservations/${reservationId}`, about: { reservationId } });
    if (read === 'payment' && paymentId)
      await client.send({ ...request, path: `/v1/payments/${paymentId}`, about: { paymentId } });
  }
}
