import type { CommandMessage } from '@holdfast/shared/contracts/protocol';
import type { InboxRow } from '@holdfast/shared/participant/decide';
import type { ParticipantStore } from '@holdfast/shared/participant/store';
import { type Database, DatabaseFault, type Transaction } from '../world/database.ts';
import type { Process } from '../world/world.ts';

/** A service's rows in memory: what its rows.ts does in SQL. */
export type MemoryRows<State> = {
  load: (tx: Transaction, commands: readonly CommandMessage[]) => Promise<State>;
  save: (tx: Transaction, state: State) => void;
};

export type Inbox = { rows: Map<string, InboxRow>; floor: number };

/** What libs/shared/src/participant/store.ts does in SQL. */
export function participantStore<State>(
  { database, rows, inbox }: { database: Database; rows: MemoryRows<State>; inbox: Inbox },
  process: Process,
): ParticipantStore<State> {
  const change = (write: () => void): Promise<void> =>
    database.transaction(process, async (tx) => {
      await tx.statement();
      tx.write(write);
    });
  return {
    transaction: (work) =>
      database.transaction(process, (tx) =>
        work({
          readInbox: async (ids) => {
            await tx.statement();
            const known = ids.flatMap((id) => inbox.rows.get(id) ?? []);
            return { inbox: new Map(known.map(({ id, stored }) => [id, stored])), floor: inbox.floor };
          },
          writeInbox: async (written) => {
            if (written.length === 0) return;
            await tx.statement();
            for (const row of written) {
              // The primary key: whoever is about to insert it is waited for.
              await tx.lock(`inbox ${row.id}`);
              if (inbox.rows.has(row.id)) throw inboxConflict(row.id);
              tx.write(() => inbox.rows.set(row.id, row));
            }
          },
          load: async (commands) => {
            await tx.statement();
            return rows.load(tx, commands);
          },
          save: async (state) => {
            await tx.statement();
            rows.save(tx, state);
          },
        }),
      ),
    raiseFloor: (floor) =>
      change(() => {
        inbox.floor = Math.max(inbox.floor, floor);
      }),
    prune: async () => {
      const { floor } = inbox;
      const isOld = ({ sagaNo }: InboxRow): boolean => sagaNo < floor;
      if (![...inbox.rows.values()].some(isOld)) return;
      if (!(await database.olderEnd(process, 200))) return;
      await change(() => {
        for (const row of inbox.rows.values()) if (isOld(row)) inbox.rows.delete(row.id);
      });
    },
  };
}

const inboxConflict = (id: string): Error =>
  Object.assign(new DatabaseFault('23505', `duplicate key ${id}`), { constraint: 'inbox_pkey' });
