import { closeSync, mkdirSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const maxBytes = 10 * 1024 * 1024;

/** Opens a log for appending; one that has grown large becomes `<file>.1` first. */
export function openLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true });
  if (sizeOf(file) > maxBytes) renameSync(file, `${file}.1`);
  return openSync(file, 'a', 0o600);
}

/** What a process said last before it ended, in one line. */
export function lastWords(file: string): string {
  const line = lastLine(file);
  try {
    const { err, msg } = JSON.parse(line) as { err?: { message?: string }; msg?: string };
    return err?.message ?? msg ?? line;
  } catch {
    return line;
  }
}

function lastLine(file: string): string {
  const size = sizeOf(file);
  const tail = Buffer.alloc(Math.min(size, 16_384));
  const handle = openSync(file, 'r');
  try {
    readSync(handle, tail, 0, tail.length, size - tail.length);
  } finally {
    closeSync(handle);
  }
  return tail.toString('utf8').trimEnd().split('\n').at(-1) ?? '';
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
