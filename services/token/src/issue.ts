import { query } from '@holdfast/shared/database/query';
import { enqueue } from '@holdfast/shared/outbox/outbox';
import type { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';
import { admit } from './admit.ts';
import { activated, deleted } from './events.ts';
import { extendWaiting, findPlace, type Place } from './place.ts';
import type { Policy } from './policy.ts';
import { deleteTokens, tokenColumns } from './rows.ts';
import { hashOf, tokenOf } from './secret.ts';
import type { Token } from './state.ts';

/** Who asks for a token, and what it shall admit to. */
export type Ask = { userId: string } & ({ concertId: string } | { reservationId: string });

/**
 * Gives a user a token: the one that they have for this already, or a new one. For a concert it waits until there is
 * room and everyone who came before is admitted, which may be at once; to pay for a reservation it is active.
 */
export async function issue(
  tx: Knex.Transaction,
  ask: Ask,
  policy: Policy,
  traceparent: string,
): Promise<Place> {
  for (;;) {
    const tokenHash =
      (await keep(tx, ask, policy, traceparent)) ?? (await create(tx, ask, policy, traceparent));
    if (tokenHash) return (await findPlace(tx, { tokenHash, userId: ask.userId })) as Place;
    // Another request of the same user was faster: its token is this one's as well.
  }
}

/** The token that the user has, if it is still good. One that has expired makes way for a new one. */
async function keep(
  tx: Knex.Transaction,
  ask: Ask,
  { waitingTtlMs }: Policy,
  traceparent: string,
): Promise<string | undefined> {
  const [token] = await query<Token & { expired: boolean }>(
    tx,
    `select ${tokenColumns}, expires_at <= now() and claimed_by is null as expired
     from token where user_id = ? and coalesce(concert_id, reservation_id) = ?
     for update`,
    [ask.userId, 'concertId' in ask ? ask.concertId : ask.reservationId],
  );
  if (token?.expired) {
    await deleteTokens(tx, [token]);
    await enqueue(tx, [deleted(token, 'expired')], traceparent);
    return undefined;
  }
  if (token) await extendWaiting(tx, token, waitingTtlMs);
  return token?.tokenHash;
}

async function create(
  tx: Knex.Transaction,
  ask: Ask,
  policy: Policy,
  traceparent: string,
): Promise<string | undefined> {
  const tokenId = uuidv7();
  const tokenHash = hashOf(tokenOf(policy.secret, tokenId));
  if ('reservationId' in ask) {
    const { userId, reservationId } = ask;
    const token = await insert(
      tx,
      { tokenId, tokenHash, userId, concertId: null, reservationId, status: 'ACTIVE' },
      policy.activeTtlMs,
    );
    if (token) await enqueue(tx, [activated(token)], traceparent);
    return token?.tokenHash;
  }
  const { userId, concertId } = ask;
  await query(tx, 'insert into queue (concert_id) values (?) on conflict do nothing', [concertId]);
  const token = await insert(
    tx,
    { tokenId, tokenHash, userId, concertId, reservationId: null, status: 'WAITING' },
    policy.waitingTtlMs,
  );
  if (token) await admit(tx, [concertId], policy, traceparent);
  return token?.tokenHash;
}

/** Nothing, where the user has got one for the same thing in the meantime. */
async function insert(
  tx: Knex.Transaction,
  token: Omit<Token, 'claimedBy' | 'expiresAt'>,
  ttlMs: number,
): Promise<Token | undefined> {
  const [inserted] = await query<Token>(
    tx,
    `insert into token (token_id, token_hash, user_id, concert_id, reservation_id, status, expires_at)
     values (?, ?, ?, ?, ?, ?, now() + ? * interval '1 millisecond')
     on conflict (user_id, coalesce(concert_id, reservation_id)) do nothing
     returning ${tokenColumns}`,
    [token.tokenId, token.tokenHash, token.userId, token.concertId, token.reservationId, token.status, ttlMs],
  );
  return inserted;
}
