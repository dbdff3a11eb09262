import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Knex } from 'knex';
import { createTestDatabase } from '../testing/database.ts';
import { eventually } from '../testing/eventually.ts';
import { connectDatabase } from './connect.ts';
import { isPassing } from './faults.ts';
import { inTransaction, query } from './query.ts';

describe('isPassing', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let db: Knex;
  beforeAll(async () => {
    database = await createTestDatabase();
    db = database.db;
    await query(db, 'create table thing (id int primary key)');
    await query(db, 'insert into thing values (1), (2)');
  });
  afterAll(async () => await database.drop());

  const errorOf = async (work: Promise<unknown>): Promise<unknown> =>
    await work.then(
      () => Promise.reject(new Error('it succeeded')),
      (error: unknown) => error,
    );

  test('a connection that the server ends, and the pool gets over it', async () => {
    const error = await errorOf(query(db, 'select pg_terminate_backend(pg_backend_pid())'));
    expect(isPassing(error)).toBe(true);
    // The pool may lend it once more before its socket closes.
    const next = await query(db, 'select 1 as one').catch(isPassing);
    expect([true, [{ one: 1 }]]).toContainEqual(next);
    expect(await query(db, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('an idle connection that the server ends crashes nothing', async () => {
    const [row] = await query<{ pid: number }>(db, 'select pg_backend_pid() as pid');
    const other = connectDatabase({ url: database.url, pool: 1, name: 'killer' });
    await query(other, 'select pg_terminate_backend(?)', [row?.pid]);
    await other.destroy();
    // Until it has ended, and this process has seen it, the pool may lend it.
    const rows = await eventually('a connection', () =>
      query(db, 'select 1 as one').catch((error) => {
        expect(isPassing(error)).toBe(true);
        return undefined;
      }),
    );
    expect(rows).toEqual([{ one: 1 }]);
  });

  test('a server that refuses connections', async () => {
    const unreachable = connectDatabase({
      url: 'postgres://nobody@127.0.0.1:1/nothing',
      pool: 1,
      name: 'test',
    });
    expect(isPassing(await errorOf(query(unreachable, 'select 1')))).toBe(true);
    await unreachable.destroy();
  });

  test('a server that hangs up without a word', async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const hangingUp = connectDatabase({
      url: `postgres://nobody@127.0.0.1:${port}/x`,
      pool: 1,
      name: 'test',
    });
    expect(isPassing(await errorOf(query(hangingUp, 'select 1')))).toBe(true);
    await hangingUp.destroy();
    server.close();
  });

  test('no connection free in time, and a pool that closes meanwhile', async () => {
    const small = connectDatabase({ url: database.url, pool: 1, name: 'test' });
    await inTransaction(small, async () => {
      expect(isPassing(await errorOf(query(small, 'select 1')))).toBe(true);
    });
    await small.destroy();
    expect(isPassing(await errorOf(query(small, 'select 1')))).toBe(true);
  });

  test('a lock timeout and a statement timeout', async () => {
    await inTransaction(db, async (tx) => {
      await query(tx, 'select * from thing where id = 1 for update');
      const waiting = inTransaction(db, async (other) => {
        await query(other, "set local lock_timeout = '50ms'");
        await query(other, 'select * from thing where id = 1 for update');
      });
      expect(isPassing(await errorOf(waiting))).toBe(true);
    });
    const slow = inTransaction(db, async (tx) => {
      await query(tx, "set local statement_timeout = '50ms'");
      await query(tx, 'select pg_sleep(5)');
    });
    expect(isPassing(await errorOf(slow))).toBe(true);
  });

  test('a deadlock', async () => {
    let locked = 0;
    const touchBoth = (first: number, second: number) =>
      inTransaction(db, async (tx) => {
        await query(tx, 'select * from thing where id = ? for update', [first]);
        locked++;
        await eventually('the other', () => locked === 2);
        await query(tx, 'select * from thing where id = ? for update', [second]);
      });
    const results = await Promise.allSettled([touchBoth(1, 2), touchBoth(2, 1)]);
    const failed = results.filter((result) => result.status === 'rejected');
    expect(failed.map(({ reason }) => isPassing(reason))).toEqual([true]);
  });

  test.each([
    ['a syntax error', 'selekt 1'],
    ['a missing table', 'select * from nowhere'],
    ['a broken constraint', 'insert into thing values (1)'],
    ['a value out of range', 'insert into thing values (3000000000)'],
  ])('%s stays', async (_, sql) => {
    expect(isPassing(await errorOf(query(db, sql)))).toBe(false);
  });

  test.each([
    new Error('whatever'),
    new TypeError('x is not a function'),
    Object.assign(new Error('no such file'), { code: 'ENOENT' }),
    'timeout expired',
    undefined,
  ])('%p stays', (error) => {
    expect(isPassing(error)).toBe(false);
  });
});
