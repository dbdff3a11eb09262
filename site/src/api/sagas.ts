import { type Client, newKey } from '@holdfast/client/client';
import { type ApiProblem, dataOf } from '@holdfast/client/problem';
import { isPassing, settle } from '@holdfast/client/settle';
import type { Held, Paid } from '@holdfast/client/types';

/** What starts a saga. Each has one key for all the times that it has to be sent, so that it happens once. */

/** The saga is under way for longer than anyone waits, or an operator has to look at it. */
export class StillRunning extends Error {
  override readonly name = 'StillRunning';
}

export async function holdSeats(
  client: Client,
  { queueToken, concertSeatIds }: { queueToken: string; concertSeatIds: string[] },
): Promise<Held> {
  const header = { 'queue-token': queueToken, 'idempotency-key': newKey() };
  const send = () => client.POST('/v1/reservations', { params: { header }, body: { concertSeatIds } });
  const held = await dataOf(settle(client, send));
  if (!('reservationId' in held)) throw new StillRunning();
  return held;
}

export async function pay(client: Client, reservationId: string): Promise<Paid> {
  const { token } = await dataOf(client.POST('/v1/tokens', { body: { reservationId } }));
  const header = { 'queue-token': token, 'idempotency-key': newKey() };
  const send = () => client.POST('/v1/payments', { params: { header }, body: { reservationId } });
  const paid = await dataOf(settle(client, send, { again: isPassingOrLocked }));
  if (!('paymentId' in paid)) throw new StillRunning();
  return paid;
}

export async function refund(client: Client, reservationId: string): Promise<void> {
  const header = { 'idempotency-key': newKey() };
  const send = () => client.POST('/v1/refunds', { params: { header }, body: { reservationId } });
  const refunded = await dataOf(settle(client, send, { again: isPassingOrLocked }));
  if (!('reservationId' in refunded)) throw new StillRunning();
}

/** Rivals who ask for a seat lock it for a moment. */
const isPassingOrLocked = (problem: ApiProblem) => isPassing(problem) || problem.code === 'seat-locked';
