import { setTimeout as sleep } from 'node:timers/promises';
import { currency, type Seat } from '../system/catalogue.ts';
import { holdTtlMs } from '../system/settings.ts';
import type { Answer, Client, Request, User } from './client.ts';
import type { Post, Session } from './plan.ts';
import { type Place, queueFor } from './queue.ts';
import { readBack } from './read-back.ts';

export type Scene = { client: Client; users: readonly User[]; seats: readonly Seat[] };

/** Plays a session: charge, queue, hold, then pay, cancel or neither, refund, read back, as planned and as far as it goes. */
export async function play(scene: Scene, session: Session): Promise<void> {
  const { client } = scene;
  const user = scene.users[session.user] as User;
  const seats = seatsOf(scene, session);
  const [{ concertId, performanceId }] = seats;

  const { amount } = session.charge;
  if (amount !== undefined) {
    const charge = { operation: 'charge', user, method: 'POST', path: '/v1/balance/charges' } as const;
    await sendPost(client, { ...charge, body: { amount, currency } }, session.charge);
  }
  const place = await queueFor(client, user, { concertId });
  const held = place && (await sendPost(client, holdOf(user, seats, place), session.hold));
  const paid = held?.status === 201 ? await goOn(scene, session, user, held.body.reservationId) : undefined;
  if (place && held?.status !== 201) await place.leave();
  await readBack(client, user, session.reads, {
    performanceId,
    reservationId: held?.body.reservationId,
    paymentId: paid?.body.paymentId,
  });
}

/** So far ahead the next seat of the same performance is looked for. */
const window = 100;

/** The seat that is planned, and those that follow it in its performance. */
function seatsOf({ seats }: Scene, { seat, together }: Session): [Seat, ...Seat[]] {
  const [first, ...following] = seats.slice(seat, seat + window) as [Seat, ...Seat[]];
  const others = following.filter(({ performanceId }) => performanceId === first.performanceId);
  return [first, ...others.slice(0, together - 1)];
}

const holdOf = (user: User, seats: readonly Seat[], { token }: Place): Request => ({
  operation: 'hold',
  user,
  method: 'POST',
  path: '/v1/reservations',
  body: { concertSeatIds: seats.map(({ concertSeatId }) => concertSeatId) },
  queueToken: token,
});

/** What a hold comes to. @returns the answer to its payment */
async function goOn(
  scene: Scene,
  session: Session,
  user: User,
  reservationId: string,
): Promise<Answer | undefined> {
  const { next } = session;
  const cancel = () => scene.client.persist(cancelOf(user, reservationId));
  if (next === 'leave') return undefined;
  if (next === 'cancel') {
    await cancel();
    // Repeatable, whatever has become of the seats since.
    if (session.pay.again !== 'no') await cancel();
    return undefined;
  }
  const [paid] = await Promise.all([
    pay(scene, session, user, reservationId),
    ...(next === 'cancel-and-pay' ? [cancel()] : []),
  ]);
  if (next === 'refund' && paid?.status === 201) {
    const refund = { operation: 'refund', user, method: 'POST', path: '/v1/refunds' } as const;
    await sendPost(scene.client, { ...refund, body: { reservationId } }, session.refund);
  }
  return paid;
}

const cancelOf = (user: User, reservationId: string): Request => ({
  operation: 'cancel',
  user,
  method: 'DELETE',
  path: `/v1/reservations/${reservationId}`,
  about: { reservationId },
});

async function pay(
  { client }: Scene,
  session: Session,
  user: User,
  reservationId: string,
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
