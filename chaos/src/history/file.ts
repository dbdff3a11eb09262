import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { HistoryEntry } from './history.ts';

/** The history as a file, an entry a line: an hour's would not fit into memory, and a failing run can be looked at again. */
export type HistoryFile = {
  note: (entry: HistoryEntry) => void;
  close: () => Promise<void>;
};

export function writeHistory(file: string): HistoryFile {
  const stream = createWriteStream(file);
  return {
    note: (entry) => {
      stream.write(`${JSON.stringify(entry)}\n`);
    },
    close: async () => {
      stream.end();
      await once(stream, 'close');
    },
  };
}

/** Reads a file of JSON lines. */
export async function* readLines<Entry>(file: string): AsyncGenerator<Entry> {
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) if (line !== '') yield JSON.parse(line) as Entry;
}

/** All of a file that fits into memory. */
export async function readAll<Entry>(file: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of readLines<Entry>(file)) entries.push(entry);
  return entries;
}
