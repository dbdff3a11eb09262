import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** The access tokens of `holdfast login`, by origin, in a file that only their owner can read. */

const file = (): string =>
  join(process.env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'holdfast', 'tokens.json');

function read(): Record<string, string> {
  try {
    return JSON.parse(readFileSync(file(), 'utf8'));
  } catch {
    return {};
  }
}

export const keptToken = (origin: string): string | undefined => read()[origin];

export function keepToken(origin: string, accessToken: string): string {
  const path = file();
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, JSON.stringify({ ...read(), [origin]: accessToken }), { mode: 0o600 });
  // The mode counts only for a file that is new.
  chmodSync(path, 0o600);
  return path;
}
