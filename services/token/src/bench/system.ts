import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The system that `npm start` runs, as its own files describe it. */
export type RunningSystem = {
  url: string;
  token: { url: string; pid: number }[];
  postgresUrl: string;
  redisUrl: string;
  jwtSecret: string;
};

export function runningSystem(dataDir: string): RunningSystem {
  const { url, services, postgresUrl, redisUrl } = readJson(
    dataDir,
    'runtime.json',
    'start it with npm start',
  );
  const { jwtSecret } = readJson(dataDir, 'secrets.json', 'set HOLDFAST_DATA to that of npm start');
  return { url, token: services.token, postgresUrl, redisUrl, jwtSecret };
}

// biome-ignore lint/suspicious/noExplicitAny: files of the launcher's, whose types a service doesn't know
function readJson(dataDir: string, file: string, remedy: string): any {
  try {
    return JSON.parse(readFileSync(join(dataDir, file), 'utf8'));
  } catch {
    throw new Error(`No running system in ${dataDir}: ${remedy}`);
  }
}

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const header = base64url({ alg: 'HS256' });

/** An access token: a million of them have to cost next to nothing. */
export function accessToken(secret: string, userId: string, roles: readonly string[] = []): string {
  const payload = base64url({ sub: userId, roles, exp: Math.floor(Date.now() / 1_000) + 3_600 });
  const signature = createHmac('sha256', secret).update(`${header}.${payload}`).digest('base64url');
  return `${header}.${payload}.${signature}`;
}

/** The user of this number, as random as any other. */
export function userOf(run: string, i: number): string {
  const hex = createHash('md5').update(`${run} ${i}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}
