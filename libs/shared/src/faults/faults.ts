import type { Knex } from 'knex';
import type { Fault } from '../contracts/protocol.ts';
import { query } from '../database/query.ts';

/** Failures on demand, for tests and demos: nothing here runs unless HOLDFAST_FAULTS=1. */

export const faultMigration = {
  name: '000-fault',
  up: `
    -- A fault that kills the process happens once: without this, its message would kill the next process as well.
    create table fault_fired (id text primary key);
  `,
};

/** Before and after the commit, after the publication, and when the offset is about to be committed. */
export type CrashMoment = 'crash-before' | 'crash-after' | 'crash-after-publish' | 'crash-before-offset';

export type Asked = { id: string; fault?: Fault | undefined };

/**
 * Kills this process as the power supply would, if `fault` is the one for this moment and hasn't struck at `id` before.
 * What it remembers is committed apart, since what is under way won't be.
 */
export async function crashIfAsked(db: Knex, moment: CrashMoment, asked: Iterable<Asked>): Promise<void> {
  for (const { id, fault } of asked) {
    if (fault !== moment) continue;
    const due = await query(
      db,
      'insert into fault_fired (id) values (?) on conflict do nothing returning 1',
      [id],
    );
    if (due.length > 0) process.kill(process.pid, 'SIGKILL');
  }
}

/** Those whose moment comes with the next commit of offsets, in the background, when nobody knows of messages any more. */
export function crashesAtOffsets(crash: (moment: CrashMoment, asked: Asked[]) => Promise<void>): {
  handled: (asked: readonly Asked[]) => void;
  beforeCommit: () => Promise<void>;
} {
  const due: Asked[] = [];
  return {
    handled: (asked) => {
      due.push(...asked.filter(({ fault }) => fault === 'crash-before-offset'));
    },
    beforeCommit: () => crash('crash-before-offset', due.splice(0)),
  };
}
