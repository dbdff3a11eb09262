import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { projectRoot } from '@holdfast/launcher/paths';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { bugInLedger } from './support/bug.ts';
import { hold, newUser, type Seat } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { startTestSystem, type TestSystem } from './support/system.ts';

/** What an operator types at three in the morning, each command as a process of its own against a real system. */

let system: TestSystem;
let nextSeat: () => Seat;
/** Also the home of the access token that `login` keeps. */
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-cli-'));
  system = await startTestSystem('cli', {
    env: { SAGA_UNDO_TIMEOUT_MS: '1500', SAGA_UNDO_ATTEMPTS: '1' },
  });
  nextSeat = await system.seatSource();
  expect((await holdfast('login', '--name', 'Ann')).code).toBe(0);
});
afterAll(async () => {
  await system.stop();
  rmSync(folder, { recursive: true });
});

type Outcome = { code: number; out: string; err: string };

async function holdfast(...args: string[]): Promise<Outcome> {
  return run(args, {});
}

async function run(args: string[], env: NodeJS.ProcessEnv, input?: string): Promise<Outcome> {
  const child = spawn(process.execPath, [join(projectRoot, 'cli/bin/holdfast.js'), ...args], {
    env: { PATH: process.env.PATH, HOLDFAST_URL: system.url, XDG_CONFIG_HOME: folder, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(input ?? '');
  const [out, err, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number>((resolve) => child.once('exit', (exit) => resolve(exit ?? -1))),
  ]);
  return { code, out, err };
}

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape
async function asked(...args: string[]): Promise<any> {
  const { out, err } = await holdfast(...args, '--json');
  if (out === '') throw new Error(err);
  return JSON.parse(out);
}

/** A payment whose refund is in the dead letters, so that its saga is parked. */
async function parkedPayment() {
  const user = await newUser(system.url, 500_000);
  const held = await hold(user, nextSeat());
  const bug = await bugInLedger(system, user.userId, 'refund');
  const { body } = await user.pay(held.reservationId, {
    prefer: 'respond-async',
    fault: 'payment.create=reject',
  });
  const sagaId: string = body.sagaId;
  await eventually(async () => expect((await asked('saga', 'show', sagaId)).status).toBe('PARKED'));
  const letters = await eventually(async () => {
    const { items } = await asked('dlq', 'ls', '--by', 'age', '--saga', sagaId);
    expect(items).toHaveLength(1);
    return items;
  });
  return { user, held, bug, sagaId, letter: letters[0] };
}

describe('a failed refund', () => {
  test('is found, understood, mended and replayed, and its saga ends', async () => {
    const { user, bug, sagaId, letter } = await parkedPayment();
    const id = String(letter.letterId);

    const groups = await holdfast('dlq', 'ls');
    expect(groups.out).toMatch(/GROUP +LETTERS +TOPIC/);
    expect(groups.out).toContain(letter.errorGroup);
    expect((await holdfast('dlq', 'ls', '--by', 'topic')).out).toMatch(/balance\.commands +\d/);
    expect((await holdfast('dlq', 'ls', '--by', 'age', '--since', '1h')).out).toContain(sagaId);
    expect((await holdfast('dlq', 'ls', '--until', '1h')).out).toContain('No dead letters.');

    const shown = await holdfast('dlq', 'show', id);
    expect(shown.out).toContain('a bug in the ledger');
    expect(shown.out).toContain('A replay now: will-run');
    const saga = await holdfast('saga', 'show', sagaId);
    expect(saga.out).toMatch(/status +PARKED/);
    expect(saga.out).toContain(`npx holdfast saga settle ${sagaId}`);
    expect((await holdfast('saga', 'ls', '--status', 'parked')).out).toContain(sagaId);
    expect((await holdfast('lock', 'ls')).out).toContain(sagaId);

    await bug.mend();
    const dry = await holdfast('dlq', 'replay', id, '--dry-run');
    expect(dry).toMatchObject({ code: 0, out: expect.stringMatching(/1 +will-run/) });
    expect((await asked('dlq', 'show', id)).status).toBe('OPEN');
    const unasked = await holdfast('dlq', 'replay', id);
    expect(unasked).toMatchObject({ code: 1, err: expect.stringContaining('--yes') });

    const replayed = await holdfast('dlq', 'replay', id, '--yes', '--reason', 'the ledger is mended');
    expect(replayed).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 of 1 letter sent, 0 failed again'),
    });
    await eventually(async () => expect((await asked('saga', 'show', sagaId)).status).toBe('COMPENSATED'));
    expect(await user.balance()).toBe(500_000);
    expect((await holdfast('audit', 'ls')).out).toMatch(/Ann +replay\.start .* the ledger is mended/);
  });

  test('that is not mended fails again, which the exit code says', async () => {
    const { bug, sagaId } = await parkedPayment();
    // The command waits a moment for what fails again. What takes longer is a new letter, to be replayed in its turn.
    await eventually(async () => {
      const { items } = await asked('dlq', 'ls', '--by', 'age', '--saga', sagaId);
      expect(items).toHaveLength(1);
      const replayed = await holdfast('dlq', 'replay', String(items[0].letterId), '-y');
      expect(replayed).toMatchObject({ code: 1, out: expect.stringContaining('1 failed again') });
    });
    await bug.mend();
    expect((await holdfast('saga', 'retry', sagaId, '-y')).out).toMatch(/PARKED → COMPENSATING/);
    await eventually(async () => expect((await asked('saga', 'show', sagaId)).status).toBe('COMPENSATED'));
  });

  test('is settled by hand, with a reason, and its seat is free', async () => {
    const { bug, held, sagaId, letter } = await parkedPayment();
    expect(await holdfast('saga', 'settle', sagaId, '-y')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--reason'),
    });
    await bug.mend();
    const settled = await holdfast('saga', 'settle', sagaId, '-y', '--reason', 'refunded by bank transfer');
    expect(settled).toMatchObject({ code: 0, err: '' });
    expect(await system.locksOf(held.concertSeatId)).toMatchObject({ row: undefined });
    const discarded = await holdfast(
      'dlq',
      'discard',
      String(letter.letterId),
      '-y',
      '--reason',
      'settled by hand',
    );
    expect(discarded.out).toContain('1 letter discarded');
    expect((await asked('dlq', 'show', String(letter.letterId))).closedReason).toBe('settled by hand');
  });

  test('goes out of one installation and is known in the other', async () => {
    const { bug, letter } = await parkedPayment();
    const file = join(folder, 'letters.ndjson');
    expect((await holdfast('dlq', 'export', String(letter.letterId), '-o', file)).code).toBe(0);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const [line] = readFileSync(file, 'utf8').split('\n');
    expect(Buffer.from(JSON.parse(line as string).headers.ce_id, 'base64').toString()).toBe(letter.messageId);
    expect((await holdfast('dlq', 'import', file)).out).toContain('0 letters imported, 1 known before');
    expect(await run(['dlq', 'import', '-'], {}, 'no json\n')).toMatchObject({
      code: 1,
      err: expect.stringContaining('Line 1'),
    });
    await bug.mend();
  });
});

test('a payload is edited where it can be, and checked before it is sent', async () => {
  const { bug, letter } = await parkedPayment();
  const id = String(letter.letterId);
  const payload = join(folder, 'payload.json');
  writeFileSync(payload, '{"userId": 7}');
  expect(await holdfast('dlq', 'edit', id, '--payload', payload, '-y')).toMatchObject({
    code: 1,
    err: expect.stringContaining('userId'),
  });
  writeFileSync(payload, JSON.stringify((await asked('dlq', 'show', id)).expected));
  expect((await holdfast('dlq', 'edit', id, '--payload', payload, '--dry-run')).out).toContain('accepted');
  await bug.mend();
  expect((await holdfast('dlq', 'edit', id, '--payload', payload, '-y')).code).toBe(0);
  expect((await asked('dlq', 'show', id)).status).toBe('EDITED');
});

test('the doctor finds a whole system in order', async () => {
  await inOrder();
});

/** What is not in order for a moment, such as a group that shares out its partitions anew, is said as well. */
const inOrder = () =>
  eventually(async () => {
    const { code, out } = await holdfast('doctor');
    expect(out).not.toMatch(/✖/);
    expect(code).toBe(0);
  });

test('the ledger is checked on demand, and what does not sum up is found until it is mended', async () => {
  const user = await newUser(system.url, 5_000);
  const sound = await holdfast('ledger', 'check', '--full');
  expect(sound.out).toMatch(/^It sums up: [\d,]+ accounts?, [\d,]+ new entr/);
  expect(sound.code).toBe(0);

  const shift = (by: number) =>
    system.sql('update balance.account set balance = balance + $2 where user_id = $1', [user.userId, by]);
  await shift(1);
  const torn = await holdfast('ledger', 'check');
  expect(torn.code).toBe(1);
  expect(torn.out).toMatch(new RegExp(`${user.userId} +1 +0 +in order`));
  expect((await holdfast('ledger', 'ls')).out).toContain(user.userId);
  const examined = await holdfast('doctor');
  expect(examined.code).toBe(1);
  expect(examined.out).toMatch(/✖ failed +ledger: 1 of /);

  await shift(-1);
  expect((await holdfast('ledger', 'check')).code).toBe(0);
  await inOrder();
});

describe('what goes wrong is told in a line', () => {
  test.each([
    ['no token', { XDG_CONFIG_HOME: '/nowhere' }, ['lock', 'ls'], 1, 'HOLDFAST_TOKEN'],
    ['nobody there', { HOLDFAST_URL: 'http://127.0.0.1:9' }, ['lock', 'ls'], 1, 'does not answer'],
    ['no letters chosen', {}, ['dlq', 'discard', '--reason', 'x'], 1, 'Say which letters'],
    ['no such letter', {}, ['dlq', 'show', '999999'], 1, '✖'],
    ['a bad number', {}, ['dlq', 'show', 'x'], 2, 'whole number'],
    ['a bad status', {}, ['saga', 'ls', '--status', 'lost'], 2, 'There is no LOST'],
  ])('%s', async (_, env, args, code, said) => {
    const outcome = await run(args, env);
    expect(outcome).toMatchObject({ code, err: expect.stringContaining(said) });
    expect(outcome.err).not.toMatch(/\n +at /);
  });

  test('a viewer changes nothing', async () => {
    const home = mkdtempSync(join(folder, 'viewer-'));
    await run(['login', '--role', 'viewer'], { XDG_CONFIG_HOME: home });
    expect((await run(['saga', 'ls'], { XDG_CONFIG_HOME: home })).code).toBe(0);
    const refused = await run(['dlq', 'discard', '1', '-y', '--reason', 'x'], { XDG_CONFIG_HOME: home });
    expect(refused).toMatchObject({ code: 1, out: '' });
  });
});

test('completion knows the commands', async () => {
  expect((await holdfast('complete', '--', 'dlq', 're')).out).toMatch(/^replay/m);
  expect((await holdfast('complete', 'bash')).out).toContain('# bash completion for holdfast');
});
