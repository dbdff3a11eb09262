import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newUser } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { newOperator, type TestOperator } from './support/operator.ts';
import { startTestSystem, type TestSystem } from './support/system.ts';

/** A replay of very many letters, in the middle of which the orchestrator is killed. */

let system: TestSystem;
let operator: TestOperator;

beforeAll(async () => {
  system = await startTestSystem('ops-replay');
  operator = await newOperator(system.url);
});
afterAll(() => system.stop());

const letters = 10_000;
const users = 20;

/** A deduction of one unit, as it would lie among the dead letters after an outage that is over. */
function letterOf(userId: string, nth: number) {
  const sagaId = randomUUID();
  const now = new Date().toISOString();
  return {
    key: Buffer.from(userId),
    value: Buffer.from(JSON.stringify({ userId, price: { amount: 1, currency: 'KRW' } })),
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ce_specversion: '1.0',
      ce_id: `${sagaId}/deduct-balance/do`,
      ce_type: 'balance.deduct',
      ce_source: '/holdfast/orchestrator',
      ce_time: now,
      ce_sagaid: sagaId,
      ce_sagano: '1000000',
      ce_sagastep: 'deduct-balance',
      ce_sagaaction: 'do',
      dlq_topic: 'balance.commands',
      dlq_partition: '0',
      dlq_offset: String(nth),
      dlq_timestamp: String(Date.now()),
      dlq_group: 'balance',
      dlq_error_class: 'error',
      dlq_error_message: 'an outage that is over',
      dlq_stack_hash: '0123456789abcdef',
      dlq_attempts: '5',
      dlq_first_failure: now,
      dlq_last_failure: now,
    },
  };
}

test('10,000 letters are replayed at a rate through a kill -9: none is lost, none runs twice', async () => {
  const payers = await Promise.all(Array.from({ length: users }, () => newUser(system.url, 100_000)));
  const all = Array.from({ length: letters }, (_, i) => letterOf(payers[i % users]?.userId ?? '', i));
  for (let at = 0; at < letters; at += 1_000)
    await system.topics.produceAll('balance.commands.dlq', all.slice(at, at + 1_000));
  const groups = await eventually(async () => {
    const { body } = await operator.get('/dead-letters/groups');
    expect(body.total).toBe(letters);
    return body.items;
  }, 60_000);
  expect(groups).toHaveLength(1);

  const select = { errorGroup: groups[0].errorGroup };
  const { body: preview } = await operator.post('/dead-letters/preview', { select });
  expect(preview).toMatchObject({ total: letters, examined: 1_000, verdicts: { 'will-run': 1_000 } });

  const startedAt = Date.now();
  const { body: started } = await operator.post('/replays', { select, rate: 1_000 });
  expect(started).toMatchObject({ status: 'RUNNING', total: letters, skipped: 0 });
  const progress = async () => (await operator.get(`/replays/${started.replayId}`)).body;

  await eventually(async () => expect((await progress()).sent).toBeGreaterThan(letters / 4));
  const [orchestrator] = system.services.orchestrator;
  const restarts = orchestrator?.restarts ?? 0;
  orchestrator?.kill('SIGKILL');
  const done = await eventually(async () => {
    const replay = await progress();
    expect(replay.status).toBe('DONE');
    return replay;
  }, 90_000);
  expect(orchestrator?.restarts).toBe(restarts + 1);
  expect(done).toMatchObject({ sent: letters, failedAgain: 0 });
  // The rate is an upper bound, over the crash as well.
  expect(Date.now() - startedAt).toBeGreaterThan((letters / 1_000) * 1_000 * 0.9);

  const ledger = async () =>
    (
      await system.sql(
        `select count(*)::int as lines, count(distinct command_id)::int as commands, sum(amount)::int as sum
         from balance.ledger where kind = 'deduct'`,
      )
    )[0];
  await eventually(
    async () => expect(await ledger()).toEqual({ lines: letters, commands: letters, sum: letters }),
    60_000,
  );
  const balances = await Promise.all(payers.map((user) => user.balance()));
  expect(new Set(balances)).toEqual(new Set([100_000 - letters / users]));
  const states = await system.sql(
    'select status, count(*)::int from orchestrator.dead_letter group by status',
  );
  expect(states).toEqual([{ status: 'REPLAYED', count: letters }]);

  // What a kill between publishing and marking sends once more is a batch at most.
  await system.topics.caughtUp();
  const sent = system.topics.seen.filter(
    ({ topic, headers }) => topic === 'balance.commands' && headers.dlq_letter !== undefined,
  );
  expect(new Set(sent.map(({ headers }) => headers.dlq_letter)).size).toBe(letters);
  expect(sent.length).toBeLessThanOrEqual(letters + 500);
}, 240_000);
