import { type Database, query } from '@holdfast/shared/database/query';
import type { Token } from './state.ts';

/** How far a user has come. */
export type Place = Pick<Token, 'tokenId' | 'concertId' | 'reservationId' | 'status'> & {
  /** Who waits is admitted next at 1; who is admitted is at 0. */
  position: number;
  expiresAt: string;
};

type Owned = { tokenHash: string; userId: string };

/** The place of a user's own token, as long as that is good. */
export async function findPlace(db: Database, { tokenHash, userId }: Owned): Promise<Place | undefined> {
  const [row] = await query<Omit<Place, 'expiresAt'> & { expiresAt: Date }>(
    db,
    `select token_id as "tokenId", concert_id as "concertId", reservation_id as "reservationId", status,
       expires_at as "expiresAt",
       case status when 'ACTIVE' then 0 else (
         select count(*) from token ahead
         where ahead.concert_id = token.concert_id and ahead.status = 'WAITING'
           and ahead.queue_no <= token.queue_no
       ) end as position
     from token
     where token_hash = ? and user_id = ? and (expires_at > now() or claimed_by is not null)`,
    [tokenHash, userId],
  );
  return row && { ...row, expiresAt: row.expiresAt.toISOString() };
}

/**
 * Lets a waiting token last, since its owner has asked. Only once a tenth of its time has gone by: thousands who ask
 * every second aren't thousands of writes.
 */
export async function extendWaiting(
  db: Database,
  { tokenHash, userId }: Owned,
  ttlMs: number,
): Promise<void> {
  await query(
    db,
    `update token set expires_at = now() + ? * interval '1 millisecond'
     where token_hash = ? and user_id = ? and status = 'WAITING' and expires_at > now()
       and expires_at < now() + ? * interval '1 millisecond'`,
    [ttlMs, tokenHash, userId, Math.floor(ttlMs * 0.9)],
  );
}
