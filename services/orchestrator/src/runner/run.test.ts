import { randomUUID } from 'node:crypto';
import type { ReceivedReply } from '@holdfast/shared/messaging/protocol';
import { expect, test } from '@jest/globals';
import { begin, type Policy } from '../engine/transition.ts';
import { definitionsOf } from '../sagas/definitions.ts';
import { paySaga } from '../sagas/pay.ts';
import { createRunner, type RunnerOptions } from './run.ts';
import type { Move, SagaStore, StoredSaga } from './store.ts';

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

const verified = ({ sagaId }: StoredSaga): ReceivedReply => ({
  type: 'token.claim',
  sagaId,
  step: 'verify-token',
  action: 'do',
  reply: { outcome: 'done', result: {} },
  partition: 0,
  offset: '7',
});

test('a reply of a saga that a newer build began is left to that build', async () => {
  const [known, newer] = [paying(1), paying(2)];
  const sagas = new Map([known, newer].map((saga) => [saga.sagaId, saga]));
  let moves: readonly Move[] = [];
  const sent: unknown[] = [];
  const store = {
    load: async () => sagas,
    save: async (saved) => {
      moves = saved;
      return { written: new Set(moves.map(({ saga }) => saga.sagaId)), released: [] };
    },
  } satisfies Partial<SagaStore> as unknown as SagaStore;
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

  await runner.onReplies([verified(newer), verified(known)]);
  expect(moves.map(({ saga }) => saga.sagaId)).toEqual([known.sagaId]);
  expect(sent).toHaveLength(1);
});

test('a reply that finds nothing to do for what was written last here is for the row, which another has moved since', async () => {
  const begun = paying(1);
  const rows = new Map([[begun.sagaId, begun]]);
  let looks = 0;
  const store = {
    load: async (ids) => {
      looks++;
      return new Map(ids.flatMap((id) => (rows.has(id) ? [[id, rows.get(id) as StoredSaga]] : [])));
    },
    save: async (moves) => {
      const written = moves.filter(({ saga }) => rows.get(saga.sagaId)?.version === saga.version);
      for (const { saga } of written) rows.set(saga.sagaId, { ...saga, version: saga.version + 1 });
      return { written: new Set(written.map(({ saga }) => saga.sagaId)), released: [] };
    },
  } satisfies Partial<SagaStore> as unknown as SagaStore;
  const runner = () =>
    createRunner({
      definitions: definitionsOf([paySaga]),
      policy,
      store,
      publish: async () => undefined,
      locks: {} as RunnerOptions['locks'],
      clients: { ended: () => undefined },
      crash: async () => undefined,
      log: { info() {} } as unknown as RunnerOptions['log'],
    });
  const [here, elsewhere] = [runner(), runner()];
  const price = { amount: 1, currency: 'KRW' };
  const loaded = (step: string, offset: string): ReceivedReply => ({
    ...verified(begun),
    step,
    reply: { outcome: 'done', result: { price } },
    offset,
  });

  await here.onReplies([verified(begun)]);
  expect(looks).toBe(1);
  await elsewhere.onReplies([loaded('load-reservation', '8')]);
  expect(looks).toBe(2);
  // To this one the second step is still the current one.
  await here.onReplies([loaded('load-balance', '9')]);
  expect(looks).toBe(3);
  expect(
    rows
      .get(begun.sagaId)
      ?.steps.map(({ status }) => status)
      .slice(0, 4),
  ).toEqual(['DONE', 'DONE', 'DONE', 'SENT']);
  // And what it has written itself it needn't read.
  await here.onReplies([loaded('deduct-balance', '10')]);
  expect(looks).toBe(3);
});
