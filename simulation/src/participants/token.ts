import { tokenParticipant } from '@holdfast/token/participant';
import { type State, stateOf, type Token } from '@holdfast/token/state';
import type { MemoryRows } from './store.ts';

export type TokenTables = { tokens: Map<string, Token> };

export const { handlers: tokenHandlers } = tokenParticipant;

export const tokenTables = (): TokenTables => ({ tokens: new Map() });

export const tokenRows = ({ tokens }: TokenTables, now: () => number): MemoryRows<State> => ({
  load: async (tx, commands) => {
    const hashes = [...new Set(commands.map(({ payload }) => payload.tokenHash as string))].sort();
    const locked = hashes.filter((hash) => tokens.has(hash));
    for (const hash of locked) await tx.lock(`token ${hash}`);
    return stateOf(
      new Date(now()),
      locked.flatMap((hash) => tokens.get(hash) ?? []),
    );
  },
  save: (tx, state) => {
    for (const row of state.tokens.values())
      if (state.loaded.get(row.tokenHash) !== row) tx.write(() => tokens.set(row.tokenHash, row));
    for (const hash of state.loaded.keys()) if (!state.tokens.has(hash)) tx.write(() => tokens.delete(hash));
  },
});
