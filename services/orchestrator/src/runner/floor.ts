import type { ParticipantName } from '@holdfast/shared/contracts/define';
import { query } from '@holdfast/shared/database/query';
import type { OutgoingRecord } from '@holdfast/shared/messaging/cloud-event';
import { encodeFloor } from '@holdfast/shared/messaging/protocol';
import type { Knex } from 'knex';

const participants: readonly ParticipantName[] = ['reservation', 'payment', 'balance', 'token'];

/**
 * Tells the participants below which number all sagas have ended, so that they forget those sagas' commands.
 *
 * Never above the oldest unfinished saga; nor above those of the last `retentionMs`: a number that is drawn but not
 * committed yet isn't to be seen.
 */
export async function raiseFloor(
  { db, publish }: { db: Knex; publish: (records: OutgoingRecord[]) => Promise<void> },
  retentionMs: number,
): Promise<void> {
  const [row] = await query<{ floor: number | null }>(
    db,
    `select least(
       (select min(saga_no) from saga where not settled),
       (select saga_no from saga where saga_id < ?::uuid order by saga_id desc limit 1)
     ) as floor
     where exists (select from saga where saga_id < ?::uuid)`,
    [oldestIdAt(Date.now() - retentionMs), oldestIdAt(Date.now() - retentionMs)],
  );
  const floor = row?.floor;
  if (floor) await publish(participants.map((service) => encodeFloor(service, floor)));
}

/** Saga ids are UUIDs of version 7, which begin with the milliseconds: so the primary key finds sagas by their age. */
export const oldestIdAt = (ms: number): string => {
  const hex = Math.max(ms, 0).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
};
