import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, query } from '@holdfast/shared/database/query';
import type { Ask } from './issue.ts';

const longestPauseMs = 200;

/**
 * Waits while a saga is using the token that the user has. When its saga has ended the token is deleted, or free again,
 * a moment after the client has had its answer: a client that then asks at once must not be given one that is about to
 * go. A saga that takes longer than `patienceMs` is at work for long: the token that it uses is the user's all the same.
 */
export async function untilUnclaimed(db: Database, ask: Ask, patienceMs: number): Promise<void> {
  const deadline = Date.now() + patienceMs;
  const subject = 'concertId' in ask ? ask.concertId : ask.reservationId;
  for (let pauseMs = 10; Date.now() < deadline; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    const claimed = await query(
      db,
      `select from token
       where user_id = ? and coalesce(concert_id, reservation_id) = ? and claimed_by is not null`,
      [ask.userId, subject],
    );
    if (claimed.length === 0) return;
    await sleep(pauseMs);
  }
}
