import { randomUUID } from 'node:crypto';
import type { ReceivedReply } from '@holdfast/shared/messaging/protocol';
import { expect, test } from '@jest/globals';
import { begin, type Policy } from '../engine/transition.ts';
import { definitionsOf } from '../sagas/definitions.ts';
import { paySaga } from '../sagas/pay.ts';
import { createRunner, type RunnerOptions } from './run.ts';
import type { SagaStore, StoredSaga } from './store.ts';

/** The rest of the runner is tried by the simulation, on the same parts as everything else. */

const patience = { attempts: 3, firstMs: 1_000, maxMs: 30_000 };
const policy: Policy = { step: patience, undo: patience };

function paying(version: number): StoredSaga {
  const { saga } = begin(
    {
      sagaId: randomUUID(),
      sagaNo: 1,
      type: 'pay',
      definitionVersion: version,
      userId: randomUUID(),
      traceparent: undefined,
      faults: {},
      context: {
        tokenHash: 'a'.repeat(64),
        userId: randomUUID(),
        reservationId: randomUUID(),
        concertSeatIds: [randomUUID()],
        paymentId: randomUUID(),
      },
    },
    { definition: paySaga, policy, now: new Date() },
  );
  const row = { version: 1, movedBy: null, lockKeys: [], instance: '', startedAt: new Date(), endedAt: null };
  return { ...saga, ...row, settled: false };
}

const price = { amount: 1, currency: 'KRW' };
const answer = (sagaId: string, step: string, offset: string): ReceivedReply => ({
  type: 'not looked at',
  sagaId,
  step,
  action: 'do',
  reply: { outcome: 'done', result: { price } },
  partition: 0,
  offset,
});

/** To the steps of the first stage, which were sent at once. */
const answersOf = ({ sagaId }: StoredSaga): [ReceivedReply, ReceivedReply, ReceivedReply] => [
  answer(sagaId, 'verify-token', '7'),
  answer(sagaId, 'load-reservation', '8'),
  answer(sagaId, 'load-balance', '9'),
];

/** Rows that are written where their version is the one that was read. */
function rowsOf(...sagas: StoredSaga[]) {
  const rows = new Map(sagas.map((saga) => [saga.sagaId, saga]));
  const count = { looks: 0, writes: 0 };
  const store = {
    load: async (ids) => {
      count.looks++;
      return new Map(ids.flatMap((id) => (rows.has(id) ? [[id, rows.get(id) as StoredSaga]] : [])));
    },
    save: async (moves) => {
      const written = moves.filter(({ saga }) => rows.get(saga.sagaId)?.version === saga.version);
      count.writes += written.length;
      for (const { saga } of written) rows.set(saga.sagaId, { ...saga, version: saga.version + 1 });
      return { written: new Set(written.map(({ saga }) => saga.sagaId)), released: [] };
    },
  } satisfies Partial<SagaStore> as unknown as SagaStore;
  const statuses = ({ sagaId }: StoredSaga) => rows.get(sagaId)?.steps.map(({ status }) => status);
  return { store, count, statuses };
}

function running(store: SagaStore) {
  const sent: unknown[] = [];
  const runner = createRunner({
    definitions: definitionsOf([paySaga]),
    policy,
    store,
    publish: async (records) => void sent.push(...records),
    locks: {} as RunnerOptions['locks'],
    clients: { ended: () => undefined },
    crash: async () => undefined,
    log: { info() {} } as unknown as RunnerOptions['log'],
  });
  return { ...runner, sent };
}

test('a reply of a saga that a newer build began is left to that build', async () => {
  const [known, newer] = [paying(2), paying(3)];
  const { store, statuses } = rowsOf(known, newer);
  const runner = running(store);
  await runner.onReplies([...answersOf(newer), ...answersOf(known)]);
  expect(statuses(known)?.slice(0, 4)).toEqual(['DONE', 'DONE', 'DONE', 'SENT']);
  expect(statuses(newer)?.slice(0, 4)).toEqual(['SENT', 'SENT', 'SENT', 'PENDING']);
  expect(runner.sent).toHaveLength(1);
});

test('a stage that is answered in part is written with the rest of it, or before its offsets are committed', async () => {
  const [first, second] = [paying(2), paying(2)];
  const { store, count, statuses } = rowsOf(first, second);
  const runner = running(store);
  for (const each of answersOf(first)) await runner.onReplies([each]);
  expect(count).toEqual({ looks: 1, writes: 1 });
  expect(statuses(first)?.slice(0, 4)).toEqual(['DONE', 'DONE', 'DONE', 'SENT']);

  const [token, reservation, balance] = answersOf(second);
  await runner.onReplies([token, balance]);
  expect(statuses(second)?.slice(0, 4)).toEqual(['SENT', 'SENT', 'SENT', 'PENDING']);
  await runner.beforeOffsets();
  expect(statuses(second)?.slice(0, 4)).toEqual(['DONE', 'SENT', 'DONE', 'PENDING']);
  // Whoever has the partition now: the offsets are committed, and those two don't come again.
  await running(store).onReplies([reservation]);
  expect(statuses(second)?.slice(0, 4)).toEqual(['DONE', 'DONE', 'DONE', 'SENT']);
});

test('what comes again finds what this instance has noted, and loses nothing of it', async () => {
  const begun = paying(2);
  const { store, statuses } = rowsOf(begun);
  const runner = running(store);
  const [token, reservation, balance] = answersOf(begun);
  await runner.onReplies([token, reservation]);
  await runner.onReplies([token]);
  await runner.onReplies([balance]);
  expect(statuses(begun)?.slice(0, 4)).toEqual(['DONE', 'DONE', 'DONE', 'SENT']);
});

test('a reply that finds nothing to do for what was written last here is for the row, which another has moved since', async () => {
  const begun = paying(2);
  const { store, count, statuses } = rowsOf(begun);
  const [here, elsewhere] = [running(store), running(store)];
  await here.onReplies(answersOf(begun));
  expect(count.looks).toBe(1);
  await elsewhere.onReplies([answer(begun.sagaId, 'deduct-balance', '10')]);
  expect(count.looks).toBe(2);
  // To this one the deduction is still what is waited for.
  await here.onReplies([answer(begun.sagaId, 'create-payment', '11')]);
  expect(count.looks).toBe(3);
  expect(statuses(begun)).toEqual(['DONE', 'DONE', 'DONE', 'DONE', 'DONE', 'SENT']);
});
