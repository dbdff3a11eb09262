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
