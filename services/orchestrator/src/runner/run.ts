import { gather } from '@holdfast/shared/batching/gather';
import { type Asked, type CrashMoment, crashesAtOffsets } from '@holdfast/shared/faults/faults';
import type { OutgoingRecord } from '@holdfast/shared/messaging/cloud-event';
import type { ReceivedReply } from '@holdfast/shared/messaging/protocol';
import { inTransactionSpan } from '@holdfast/shared/telemetry/database';
import { traceFields } from '@holdfast/shared/telemetry/spans';
import type { Logger } from 'pino';
import { hasEnded, type Saga } from '../engine/saga.ts';
import { type Policy, transition, unanswered } from '../engine/transition.ts';
import type { Definitions } from '../sagas/definitions.ts';
import { type Clients, isOver } from './clients.ts';
import type { Locks } from './locks.ts';
import { commandRecords, endRecords, outstandingRecords } from './messages.ts';
import { observeBegun, observeMoves } from './observe.ts';
import { recentSagas } from './recent.ts';
import {
  type HeldLock,
  type Move,
  type NewSaga,
  recordOf,
  type SagaStore,
  type StoredSaga,
} from './store.ts';
import { traceEnds, traceparentOfSaga } from './trace.ts';

/**
 * Runs sagas in batches: load rows, apply the transition, write them in one transaction, and only then publish. What a
 * crash cuts off between the two is sent again: by the same reply's redelivery, or by the sweep.
 */
export type Runner = {
  /** Begins a saga; false where another has its lock or its idempotency key. */
  begin: (saga: NewSaga) => Promise<boolean>;
  onReplies: (replies: ReceivedReply[]) => Promise<void>;
  /** The offsets of replies are about to be committed. */
  beforeOffsets: () => Promise<void>;
  /** Carries overdue sagas on. @returns how many there were */
  sweep: () => Promise<number>;
  /** Publishes what a batch that has been committed sends, and tells whoever waits. */
  tell: (batch: Batch) => Promise<void>;
};

/** What a batch has done, before anybody is told. */
export type Batch = { moves: Move[]; records: OutgoingRecord[]; released: HeldLock[] };

export type RunnerOptions = {
  definitions: Pick<Definitions, 'find' | 'definitionOf' | 'keys'>;
  policy: Policy;
  store: SagaStore;
  publish: (records: OutgoingRecord[]) => Promise<void>;
  locks: Locks;
  clients: Pick<Clients, 'ended'>;
  /** Kills the process where a fault asks for it; in tests and demos only. */
  crash: (moment: CrashMoment, asked: Asked[]) => Promise<void>;
  log: Logger;
};

const sweepSize = 200;
/** Some kB each. */
const maxRecent = 5_000;

export function createRunner(options: RunnerOptions): Runner {
  const { definitions, policy, store, publish, locks, clients, log } = options;
  const { definitionOf } = definitions;
  const recent = recentSagas(maxRecent);

  async function tell({ moves, records, released }: Batch): Promise<void> {
    traceEnds(moves);
    observeMoves(moves, definitionOf);
    for (const { saga, from } of moves) {
      if (saga.status === 'PARKED' && from.status !== 'PARKED')
        log.warn({ ...logFields(saga), reason: saga.parkedReason }, 'saga parked');
      if (hasEnded(saga) && !hasEnded(from))
        log.debug({ ...logFields(saga), outcome: saga.status }, 'saga ended');
    }
    // Before anybody is told: who asks for the seat at once must not meet the lock.
    await Promise.all([publish(records), released.length > 0 && locks.release(released)]);
    const over = sagasOf(moves).filter(isOver);
    if (over.length === 0) return;
    clients.ended(over);
    settle(over.filter(hasEnded));
  }

  const settleGathered = gather<Saga, undefined>(
    async (sagas) => {
      await inTransactionSpan('orchestrator', sagas.map(withOwnTrace), () =>
        store.settle(sagas.map(({ sagaId }) => sagaId)),
      );
      return [];
    },
    { maxBatch: 1_000, maxWaiting: 10_000 },
  );
  /** Not waited for: whatever isn't marked as published is published again by the sweep. */
  function settle(sagas: readonly Saga[]): void {
    for (const saga of sagas)
      settleGathered(saga).catch((error) => log.debug({ err: error }, 'end not marked as published'));
  }

  const begin = gather<NewSaga, boolean>(
    async (news) => {
      const sagas = news.map(({ saga }) => saga);
      await crash('crash-before', sagas);
      const numbers = await inTransactionSpan('orchestrator', sagas.map(withOwnTrace), () =>
        store.begin(news),
      );
      const startedAt = new Date();
      const begun = news.flatMap(({ saga, lockKeys, instance }): StoredSaga[] => {
        const sagaNo = numbers.get(saga.sagaId);
        if (sagaNo === undefined) return [];
        const row = { version: 1, movedBy: null, startedAt, endedAt: null, settled: false };
        return [{ ...saga, sagaNo, lockKeys, instance, ...row }];
      });
      begun.forEach(recent.wrote);
      observeBegun(begun);
      await crash('crash-after', begun);
      // Not waited for: a saga that has begun goes on even if its first command is lost, since the sweep sends it again.
      publish(begun.flatMap((saga) => outstandingRecords(saga, definitionOf(saga))))
        .then(() => crash('crash-after-publish', begun))
        .catch((error) => log.warn({ err: error }, 'first commands not published yet'));
      return sagas.map(({ sagaId }) => numbers.has(sagaId));
    },
    { maxBatch: 200, maxWaiting: 2_000 },
  );

  /** One after the other: two that move the same sagas would each undo what the other has noted here. */
  let turn: Promise<unknown> = Promise.resolve();
  function inTurn(work: () => Promise<void>): Promise<void> {
    const mine = turn.then(work);
    turn = mine.catch(() => undefined);
    return mine;
  }

  async function moveAll(replies: readonly ReceivedReply[]): Promise<void> {
    for (let left = replies, again = false; left.length > 0; again = true) {
      const { moves, records, unmoved, released, lost } = await inTransactionSpan('orchestrator', left, () =>
        moveBy(left, again),
      );
      await crash('crash-after', sagasOf(moves));
      await tell({ moves, records, released });
      await crash('crash-after-publish', sagasOf(moves));
      atOffsets.handled(asked(sagasOf(moves)));
      // Moved by another since they were read (the sweep, or an instance that had the partition): once more, from the rows.
      const toLookAt = new Set(again ? [] : unmoved);
      left = left.filter((reply) => lost.has(reply.sagaId) || toLookAt.has(reply));
    }
  }

  async function moveBy(replies: readonly ReceivedReply[], again: boolean) {
    const sagas = await sagasFor(replies, again);
    const applied = applyReplies(sagas, replies);
    for (const move of applied.undecided) recent.moved(move);
    await crash('crash-before', sagasOf(applied.moves));
    const { written, released } = await store.save(applied.moves);
    const moves = applied.moves.filter(({ saga }) => written.has(saga.sagaId));
    for (const { saga } of moves) recent.wrote({ ...saga, version: saga.version + 1 });
    const lost = new Set(
      sagasOf(applied.moves).flatMap(({ sagaId }) => (written.has(sagaId) ? [] : [sagaId])),
    );
    const records = [...applied.records].flatMap(([sagaId, ofSaga]) => (lost.has(sagaId) ? [] : ofSaga));
    return { moves, records, unmoved: applied.unmoved, released, lost };
  }

  /** As this instance has them from its last move; those that it hasn't as their rows are, which are looked at for all `again`. */
  async function sagasFor(
    replies: readonly ReceivedReply[],
    again: boolean,
  ): Promise<Map<string, StoredSaga>> {
    const sagas = new Map<string, StoredSaga>();
    const toLoad = new Set<string>();
    for (const { sagaId } of replies) {
      const known = again ? undefined : recent.get(sagaId);
      if (known) sagas.set(sagaId, known);
      else toLoad.add(sagaId);
    }
    if (toLoad.size === 0) return sagas;
    for (const [id, row] of await store.load([...toLoad])) {
      const known = recent.get(id);
      // Of the same version it is ahead of the row, if anything.
      sagas.set(id, known?.version === row.version ? known : row);
    }
    return sagas;
  }

  function applyReplies(sagas: ReadonlyMap<string, StoredSaga>, replies: readonly ReceivedReply[]) {
    const moves = new Map<string, Move>();
    const records = new Map<string, OutgoingRecord[]>();
    const unmoved: ReceivedReply[] = [];
    for (const reply of replies) {
      const from = sagas.get(reply.sagaId);
      if (!from) continue;
      const saga = moves.get(reply.sagaId)?.saga ?? from;
      const definition = definitions.find(saga);
      // Begun by a newer build, whose sweep asks for the answer again.
      if (!definition) continue;
      // This very record moved the saga last, and comes again: what it led to may not have been published.
      if (saga.movedBy === recordOf(reply)) {
        if (!saga.settled) records.set(saga.sagaId, outstandingRecords(saga, definition));
        continue;
      }
      const moved = transition(saga, { kind: 'reply', ...reply }, { definition, policy, now: new Date() });
      if (!moved) {
        unmoved.push(reply);
        continue;
      }
      const next = { ...saga, ...moved.saga, movedBy: recordOf(reply) };
      moves.set(saga.sagaId, { saga: next, from, waitMs: moved.waitMs });
      records.set(saga.sagaId, [
        ...(records.get(saga.sagaId) ?? []),
        ...commandRecords(next, moved.sends),
        ...(hasEnded(next) ? endRecords(next, definition) : []),
      ]);
    }
    const isUndecided = ({ saga, from }: Move): boolean =>
      saga.status === from.status && saga.status !== 'PARKED' && !records.get(saga.sagaId)?.length;
    const all = [...moves.values()];
    return {
      moves: all.filter((move) => !isUndecided(move)),
      undecided: all.filter(isUndecided),
      records,
      unmoved,
    };
  }

  /** What nobody would send again must not be known here alone. */
  async function writeUndecided(): Promise<void> {
    const moves = recent.unwritten();
    const { written } = await store.save(moves);
    for (const { saga } of moves) {
      if (written.has(saga.sagaId)) recent.wrote({ ...saga, version: saga.version + 1 });
      else recent.forget(saga.sagaId);
    }
  }

  async function sweep(): Promise<number> {
    const records: OutgoingRecord[] = [];
    const ended: Move[] = [];
    let moves: Move[] = [];
    const { released } = await store.moveOverdue(definitions.keys, sweepSize, (overdue) => {
      for (const saga of overdue) {
        if (!hasEnded(saga)) continue;
        records.push(...endRecords(saga, definitionOf(saga)));
        ended.push({ saga, from: saga, waitMs: null });
      }
      moves = overdue.flatMap((saga): Move[] => {
        const definition = definitionOf(saga);
        const moved = transition(saga, { kind: 'timeout' }, { definition, policy, now: new Date() });
        if (!moved) return [];
        const next = { ...saga, ...moved.saga };
        records.push(...commandRecords(next, moved.sends));
        log.info({ ...logFields(next), status: next.status }, 'overdue saga carried on');
        return [{ saga: next, from: saga, waitMs: moved.waitMs }];
      });
      return moves;
    });
    for (const { saga } of moves) recent.forget(saga.sagaId);
    await tell({ moves: [...moves, ...ended], records, released });
    return moves.length + ended.length;
  }

  /** `orchestrator.<step>` names the moment at which that step's command has been decided on, `end` the end. */
  const crash = (moment: CrashMoment, sagas: readonly Saga[]): Promise<void> =>
    options.crash(moment, asked(sagas));

  const asked = (sagas: readonly Saga[]): Asked[] =>
    sagas.flatMap((saga) =>
      momentsOf(saga).map((moment) => ({
        id: `${saga.sagaId}/${moment}`,
        fault: saga.faults[`orchestrator.${moment}`],
      })),
    );

  const atOffsets = crashesAtOffsets(options.crash);

  async function beforeOffsets(): Promise<void> {
    await inTurn(writeUndecided);
    await atOffsets.beforeCommit();
  }

  function momentsOf(saga: Saga): string[] {
    if (hasEnded(saga)) return ['end'];
    if (saga.status !== 'RUNNING') return ['compensation'];
    return unanswered(saga, definitionOf(saga)).map(({ step }) => step.name);
  }

  return { begin, onReplies: (replies) => inTurn(() => moveAll(replies)), beforeOffsets, sweep, tell };
}

const logFields = (saga: Saga) => ({
  sagaId: saga.sagaId,
  type: saga.type,
  ...traceFields(traceparentOfSaga(saga)),
});

const withOwnTrace = (saga: Saga) => ({ traceparent: traceparentOfSaga(saga) });

const sagasOf = (moves: readonly Move[]): StoredSaga[] => moves.map(({ saga }) => saga);
