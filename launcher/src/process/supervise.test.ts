import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { processIdentity } from './identity.ts';
import { type Death, type Supervised, supervise } from './supervise.ts';

let folder: string;
let supervised: Supervised;
let deaths: Death[];

function start(script: string, stopWithinMs = 10_000): Supervised {
  supervised = supervise({
    name: 'child',
    command: process.execPath,
    args: ['-e', script],
    env: process.env,
    logFile: join(folder, 'child.log'),
    runDir: join(folder, 'run'),
    stopWithinMs,
    onDeath: (death) => deaths.push(death),
  });
  return supervised;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20);
}

const log = () => readFileSync(join(folder, 'child.log'), 'utf8');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-supervise-'));
  deaths = [];
});

afterEach(async () => {
  await supervised.stop();
  rmSync(folder, { recursive: true });
});

test('a process that was killed comes back', async () => {
  const child = start('console.log("up"); setInterval(() => {}, 1000)');
  await until(() => log() === 'up\n');
  const firstPid = child.pid;
  child.kill('SIGKILL');
  await until(() => log() === 'up\nup\n');
  expect(child.restarts).toBe(1);
  expect(child.pid).not.toBe(firstPid);
  expect(deaths).toEqual([{ name: 'child', how: 'SIGKILL', retryInMs: 200 }]);
});

test('one that keeps ending is started less and less often', async () => {
  start('process.exit(3)');
  await until(() => deaths.length === 3);
  expect(deaths.map(({ how, retryInMs }) => [how, retryInMs])).toEqual([
    ['exit code 3', 200],
    ['exit code 3', 400],
    ['exit code 3', 800],
  ]);
});

test('one that was stopped stays stopped', async () => {
  const child = start('console.log("up"); setInterval(() => {}, 1000)');
  await until(() => log() === 'up\n');
  await child.stop();
  await sleep(300);
  expect(child.pid).toBeUndefined();
  expect(deaths).toEqual([]);
});

test('one that does not stop when asked is killed', async () => {
  const child = start('process.on("SIGTERM", () => {}); console.log("up"); setInterval(() => {}, 1000)', 200);
  await until(() => log() === 'up\n');
  const pid = child.pid as number;
  await child.stop();
  expect(processIdentity(pid)).toBeUndefined();
});

test('a program that does not exist counts as a death', async () => {
  supervised = supervise({
    name: 'missing',
    command: join(folder, 'missing'),
    args: [],
    env: {},
    logFile: join(folder, 'missing.log'),
    runDir: join(folder, 'run'),
    onDeath: (death) => deaths.push(death),
  });
  await until(() => deaths.length > 0);
  expect(deaths[0]?.how).toMatch(/ENOENT/);
});
