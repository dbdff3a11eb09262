import { once } from 'node:events';
import { type AddressInfo, createServer, connect as dial } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Logger } from 'pino';
import { createTestDatabase } from '../testing/database.ts';
import { eventually } from '../testing/eventually.ts';
import { connectDatabase } from './connect.ts';
import { awaitMigrations, type Migration, migrate } from './migrate.ts';
import { query } from './query.ts';

const first: Migration = {
  name: '001-entries',
  up: `create table entry (id int primary key, data jsonb);
       insert into entry values (1, '{"why?": 1}');
       create index on entry (id) where data ? 'a';`,
};
const second: Migration = { name: '002-notes', up: 'alter table entry add column note text' };

let database: Awaited<ReturnType<typeof createTestDatabase>>;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => await database.drop());

describe('migrate', () => {
  test('runs each migration once, however many start at the same time', async () => {
    const instances = Array.from({ length: 8 }, () =>
      connectDatabase({ url: database.url, pool: 2, name: 'instance' }),
    );
    await Promise.all(instances.map(async (instance) => await migrate(instance, [first])));
    await Promise.all(instances.map(async (instance) => await migrate(instance, [first, second])));
    await Promise.all(instances.map(async (instance) => await instance.destroy()));
    expect(await query(database.db, 'select * from entry')).toEqual([
      { id: 1, data: { 'why?': 1 }, note: null },
    ]);
  });

  test('waits for a Postgres that is not there yet', async () => {
    const proxy = createServer((client) => {
      const postgres = dial(Number(new URL(database.url).port), '127.0.0.1');
      client.pipe(postgres).pipe(client);
      for (const socket of [client, postgres]) socket.on('error', () => undefined);
    });
    // A port that is free: taken, and given back.
    await once(proxy.listen(0, '127.0.0.1'), 'listening');
    const { port } = proxy.address() as AddressInfo;
    proxy.close();
    const url = Object.assign(new URL(database.url), { hostname: '127.0.0.1', port: String(port) }).href;
    const db = connectDatabase({ url, pool: 2, name: 'early' });
    const migrated = migrate(db, [first, second]);
    await sleep(500);
    proxy.listen(port, '127.0.0.1');
    await migrated;
    await db.destroy();
    proxy.close();
  });

  test('leaves nothing of a migration that fails, and can run again', async () => {
    const broken = { name: '003-broken', up: 'create table half (id int); create table entry (id int)' };
    await expect(migrate(database.db, [first, second, broken])).rejects.toThrow(/already exists/);
    expect(await query(database.db, "select to_regclass('half') as half")).toEqual([{ half: null }]);
    await migrate(database.db, [first, second, { ...broken, up: 'create table half (id int)' }]);
    expect(await query(database.db, "select to_regclass('half')::text as half")).toEqual([{ half: 'half' }]);
  });

  test('takes what the database has seen and the list lacks for a newer build', async () => {
    await migrate(database.db, [first]);
    expect(await query(database.db, 'select note from entry')).toEqual([{ note: null }]);
  });
});

describe('awaitMigrations', () => {
  test('waits for another to run them, and asks for no more than it knows', async () => {
    const { db, drop } = await createTestDatabase();
    const said: string[] = [];
    let waiting = true;
    const log = { warn: (line: string) => said.push(line) } as unknown as Pick<Logger, 'warn'>;
    const awaited = awaitMigrations(db, [first, second], log).finally(() => {
      waiting = false;
    });
    await eventually('what it waits for', () => said.length > 0);
    await migrate(db, [first]);
    await sleep(600);
    expect(waiting).toBe(true);
    expect(said).toEqual([
      expect.stringMatching(/nobody has run these migrations yet: 001-entries, 002-notes$/),
    ]);
    await migrate(db, [first, second, { name: '003-more', up: 'select 1' }]);
    await awaited;
    await drop();
  });
});
