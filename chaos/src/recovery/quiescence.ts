import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { consumedTopics } from '../faults/groups.ts';
import type { Topics } from '../system/topics.ts';

const participants = ['reservation', 'payment', 'balance', 'token'] as const;

/**
 * Waits until nothing moves any more: every saga has ended or is parked, all that was to be told is told, every group has
 * read all there is; and it is so twice in a row.
 *
 * @returns what still moves when the time is up; nothing where it has come to rest
 */
export async function untilQuiescent(
  postgres: pg.Pool,
  topics: Topics,
  withinMs: number,
  at: (moving: string) => void,
): Promise<readonly string[]> {
  const deadline = Date.now() + withinMs;
  for (let still = 0; ; ) {
    const moving = await whatMoves(postgres, topics).catch((error: Error) => [error.message]);
    still = moving.length === 0 ? still + 1 : 0;
    if (still === 2) return [];
    if (Date.now() > deadline) return moving;
    at(`coming to rest: ${moving.join(', ')}`);
    await sleep(1_000);
  }
}

async function whatMoves(postgres: pg.Pool, topics: Topics): Promise<string[]> {
  const counts = [
    ['unended sagas', `select count(*) from orchestrator.saga where not settled and status <> 'PARKED'`],
    [
      'locks of ended sagas',
      `select count(*) from orchestrator.lock left join orchestrator.saga using (saga_id)
       where status is distinct from 'PARKED'`,
    ],
    [
      'holds that have run out',
      `select count(*) from reservation.reservation
       where status = 'TEMPORARY_HOLD' and paying_saga is null`,
    ],
    ...participants.map((service) => [`${service}'s outbox`, `select count(*) from ${service}.outbox`]),
  ] as [string, string][];
  const moving: string[] = [];
  for (const [what, sql] of counts) {
    const count = Number((await postgres.query(sql)).rows[0].count);
    if (count > 0) moving.push(`${count} ${what}`);
  }
  for (const { group, topics: read } of consumedTopics) {
    const lag = await lagOf(topics, group, read);
    if (lag > 0) moving.push(`${lag} messages for ${group}`);
  }
  return moving;
}

async function lagOf(topics: Topics, groupId: string, read: readonly string[]): Promise<number> {
  return topics.admin(async (admin) => {
    const committed = await admin.fetchOffsets({ groupId, topics: [...read] });
    let lag = 0;
    for (const { topic, partitions } of committed) {
      const ends = new Map((await admin.fetchTopicOffsets(topic)).map((one) => [one.partition, one]));
      for (const { partition, offset } of partitions) {
        const end = ends.get(partition);
        // Without an offset the group starts from the beginning.
        const next = Number(offset) < 0 ? Number(end?.low) : Number(offset);
        lag += Math.max(0, Number(end?.high) - next);
      }
    }
    return lag;
  });
}
