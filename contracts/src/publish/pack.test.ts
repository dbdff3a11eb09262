import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { paymentCompleted } from '@holdfast/shared/contracts/payment';
import { encode } from '@holdfast/shared/messaging/cloud-event';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

/** The package as a stranger gets it: packed, and installed alone in an empty folder. */

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'holdfast-contracts-'));
const run = (command: string, ...args: string[]): string =>
  execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

let files: string[];

beforeAll(() => {
  const [packed] = JSON.parse(run('npm', 'pack', join(root, 'contracts'), '--json'));
  files = packed.files.map(({ path }: { path: string }) => path);
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  run('npm', 'install', `./${packed.filename}`, '--no-audit', '--no-fund', '--prefer-offline');
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('it holds the reader, its types and the schemas, and nothing of ours', () => {
  expect(files.filter((path) => !path.startsWith('published/')).sort()).toEqual([
    'README.md',
    ...['dist/events.d.ts', 'dist/events.js', 'dist/index.d.ts', 'dist/index.js', 'dist/read.d.ts'],
    ...['dist/read.js', 'package.json'],
  ]);
  expect(files).toContain('published/payment.completed.json');
  const installed = JSON.parse(run('npm', 'ls', '--all', '--json')).dependencies['@holdfast/contracts'];
  expect(Object.keys(installed.dependencies)).toEqual(['typebox']);
});

test('the build of today reads an event of tomorrow that has more to it', () => {
  const uuid = '01993c00-0000-7000-8000-000000000001';
  const price = { amount: 1_000, currency: 'KRW', tax: 91 };
  const { headers, value } = encode('payment.events', uuid, {
    id: 'saga/payment.completed',
    type: paymentCompleted.type,
    source: '/holdfast/orchestrator',
    time: '2027-11-25T00:00:00.000Z',
    extensions: { region: 'seoul' },
    data: { paymentId: uuid, reservationId: uuid, userId: uuid, price, channel: 'box office' },
  });
  writeFileSync(
    join(folder, 'read.js'),
    `import { readEvent } from '@holdfast/contracts';
     const [headers, value] = JSON.parse(process.argv[2]);
     console.log(JSON.stringify([readEvent(headers, value), readEvent({ ...headers, ce_type: 'payment.of-tomorrow' }, value)]));`,
  );
  const [event, unknown] = JSON.parse(run('node', 'read.js', JSON.stringify([headers, value])));
  expect(event).toMatchObject({
    type: 'payment.completed',
    extensions: { region: 'seoul' },
    data: { paymentId: uuid, price, channel: 'box office' },
  });
  expect(unknown).toBeNull();
});

test('a stranger’s compiler knows what is in an event', () => {
  writeFileSync(
    join(folder, 'typed.ts'),
    `import { readEvent, type HoldfastEvent, type EventOf } from '@holdfast/contracts';
     export function amountOf(event: HoldfastEvent): number | undefined {
       return event.type === 'payment.completed' ? event.data.price.amount : undefined;
     }
     // @ts-expect-error an amount is a number
     export const wrong = (event: EventOf<'payment.completed'>): string => event.data.price.amount;
     // @ts-expect-error there is no such event
     export type None = EventOf<'payment.lost'>;
     export const read: HoldfastEvent | undefined = readEvent({}, null);`,
  );
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--skipLibCheck'];
  expect(run('node', tsc, ...options, '--types', '', 'typed.ts')).toBe('');
}, 60_000);
