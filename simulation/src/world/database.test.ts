import { expect, test } from '@jest/globals';
import { createDatabase } from './database.ts';
import { createWorld } from './world.ts';

const noFaults = () => 0;

test('what has died opens no transaction, which nobody would ever close', async () => {
  const world = createWorld(1);
  const database = createDatabase(world, noFaults);
  const dead = world.start('balance');
  world.kill(dead);
  void database.transaction(dead, (tx) => tx.lock('row'));

  expect(database.isIdle()).toBe(true);
  const alive = world.start('balance');
  const commit = world.sleep(alive, 1).then(() => database.transaction(alive, (tx) => tx.lock('row')));
  await world.run(() => false, 1_000);
  await expect(commit).resolves.toBeUndefined();
});

test('a transaction that is lost locks no more rows', async () => {
  const world = createWorld(1);
  const database = createDatabase(world, noFaults);
  const locked = database.transaction(world.start('balance'), async (tx) => {
    database.restart();
    tx.tryLock('row');
  });
  await expect(locked).rejects.toThrow('connection lost');
  expect(database.isIdle()).toBe(true);
});
