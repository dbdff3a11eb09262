import { migrate } from '@holdfast/shared/database/migrate';
import { query } from '@holdfast/shared/database/query';
import { createTestDatabase } from '@holdfast/shared/testing/database';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { migrations } from './schema.ts';
import { seed } from './seed.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
beforeAll(async () => {
  database = await createTestDatabase();
  await migrate(database.db, migrations);
});
afterAll(() => database.drop());

const counts = () =>
  query(
    database.db,
    `select (select count(*) from concert) as concerts, (select count(*) from performance) as performances,
       (select count(*) from concert_seat) as seats`,
  );

describe('seed', () => {
  test('fills an empty catalogue once, whichever instances start at the same time', async () => {
    await Promise.all([seed(database.db), seed(database.db)]);
    const [filled] = await counts();
    expect(filled).toEqual({ concerts: 4, performances: 9, seats: 66_000 });
    await seed(database.db);
    expect(await counts()).toEqual([filled]);
  });

  test('leaves a catalogue of somebody else alone', async () => {
    await query(database.db, 'truncate concert_seat, performance, concert cascade');
    await query(database.db, `insert into concert values (gen_random_uuid(), 'Mine', 'Here')`);
    await seed(database.db);
    expect(await counts()).toEqual([{ concerts: 1, performances: 0, seats: 0 }]);
  });
});
