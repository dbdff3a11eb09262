import { existsSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import type { Sales } from './sales.ts';
import type { Seen } from './seen.ts';

type Notice = { id: string; type: string; time: string; subject?: string };

/** All that this service knows. */
export type State = {
  sales: Sales;
  /** Which events are in the sales. */
  seen: Seen;
  /** What came by webhook, the last of it. */
  notices: Notice[];
  /** Which webhooks were taken. */
  taken: Seen;
};

/** Kept in one file, so that what was counted and what was seen are never apart. */
export function openState(file: string): { state: State; save: () => Promise<void> } {
  const kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const { sales = {}, seen = [], notices = [], taken = [] } = kept;
  const state: State = { sales, seen: new Set(seen), notices, taken: new Set(taken) };

  async function write(): Promise<void> {
    const text = JSON.stringify({ ...state, seen: [...state.seen], taken: [...state.taken] });
    await writeFile(`${file}.new`, text);
    await rename(`${file}.new`, file);
  }

  let last: Promise<void> = Promise.resolve();
  return {
    state,
    /** One after the other. */
    save: () => {
      last = last.catch(() => undefined).then(write);
      return last;
    },
  };
}
