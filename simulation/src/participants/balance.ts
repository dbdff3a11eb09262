import { balanceParticipant } from '@holdfast/balance/participant';
import { type Account, type Entry, move, type State, stateOf } from '@holdfast/balance/state';
import { loadBalance, loadUser } from '@holdfast/shared/contracts/balance';
import { type CommandMessage, commandId } from '@holdfast/shared/contracts/protocol';
import type { Transaction } from '../world/database.ts';
import type { MemoryRows } from './store.ts';

export type BalanceTables = {
  accounts: Map<string, Account>;
  /** In the order of commits. Without the index that production has on the command: the inbox has to do. */
  ledger: Entry[];
};

export const { handlers: balanceHandlers } = balanceParticipant;

export const balanceTables = (): BalanceTables => ({ accounts: new Map(), ledger: [] });

const reads: readonly string[] = [loadUser.type, loadBalance.type];

export const balanceRows = (tables: BalanceTables): MemoryRows<State> => ({
  load: async (tx, commands) => {
    const changed = new Set(commands.filter(({ type }) => !reads.includes(type)).map(userOf));
    for (const userId of [...changed].sort()) await tx.lock(`account ${userId}`);
    const accounts = [...new Set(commands.map(userOf))].flatMap((id) => tables.accounts.get(id) ?? []);
    const undone = new Set(
      commands.flatMap(({ action, sagaId, step }) =>
        action === 'undo' ? [commandId(sagaId, step, 'do')] : [],
      ),
    );
    const entries =
      undone.size === 0 ? [] : tables.ledger.filter(({ commandId: id }) => id !== null && undone.has(id));
    return stateOf(accounts, entries);
  },
  save: (tx, { accounts, entries, loaded }) => {
    for (const row of accounts.values())
      if (loaded.accounts.get(row.userId) !== row) tx.write(() => tables.accounts.set(row.userId, row));
    for (const [id, row] of entries) if (!loaded.entries.has(id)) tx.write(() => tables.ledger.push(row));
  },
});

const userOf = ({ payload }: CommandMessage): string => payload.userId as string;

/** A charge, as `POST /v1/balance/charges` makes it. */
export async function charge(
  tx: Transaction,
  tables: BalanceTables,
  userId: string,
  amount: number,
): Promise<void> {
  await tx.statement();
  await tx.lock(`account ${userId}`);
  const account = tables.accounts.get(userId) as Account;
  const state = stateOf([account], []);
  move(state, account, { kind: 'charge', amount });
  balanceRows(tables).save(tx, state);
}
