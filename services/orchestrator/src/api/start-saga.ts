import { gather, Overloaded } from '@holdfast/shared/batching/gather';
import { requestHash } from '@holdfast/shared/http/idempotency';
import { overloaded } from '@holdfast/shared/http/limit';
import { problem } from '@holdfast/shared/http/problems';
import type { Clock } from '@holdfast/shared/process/clock';
import type { SagaDefinition } from '../engine/definition.ts';
import type { Saga } from '../engine/saga.ts';
import { begin, type Policy } from '../engine/transition.ts';
import { type Clients, isOver } from '../runner/clients.ts';
import { type Locks, LockUnavailable } from '../runner/locks.ts';
import type { Runner } from '../runner/run.ts';
import type { Remembered, SagaStore } from '../runner/store.ts';
import { admission } from './admission.ts';
import { sagaFinder } from './find-saga.ts';

/** What a client asks for, once it has been checked. */
export type SagaRequest = {
  type: string;
  userId: string;
  /** Made once the idempotency key is known to be new; what it throws is the answer. */
  context: (sagaId: string) => Record<string, unknown> | Promise<Record<string, unknown>>;
  idempotencyKey: string | undefined;
  /** What the key stands for: the same key with another is refused. */
  body: unknown;
  faults: Saga['faults'];
  traceparent: string;
  /** How long to wait for the answer, ms. */
  waitMs: number;
  /** How long to try for the lock where another has it, ms. */
  lockPatienceMs: number;
};

export type SagaStart = { sagaId: string; saga: Saga | undefined };

export type StartSaga = (request: SagaRequest) => Promise<SagaStart>;

export type StartSagaOptions = {
  store: Pick<SagaStore, 'findKeys' | 'findLocked' | 'load'>;
  clock: Clock;
  runner: Pick<Runner, 'begin'>;
  locks: Locks;
  clients: Pick<Clients, 'wait'>;
  /** The definition by which a saga of a type begins. */
  beginningBy: (type: string) => SagaDefinition;
  policy: Policy;
  instance: string;
  /** Sagas of each type under way at once, at most. */
  maxInFlight: number;
  /** A new id; its replies should come to this instance. */
  drawSagaId: () => string;
};

/**
 * Starts a saga, or finds the one that the same request started before, and waits until it is over or the time is up.
 */
export function sagaStarter(options: StartSagaOptions): StartSaga {
  const { store, clock, runner, locks, clients, beginningBy, policy, instance, maxInFlight, drawSagaId } =
    options;
  const admit = admission({
    max: maxInFlight,
    slowMs: 2 * policy.step.firstMs,
    hangsMs: policy.step.firstMs * 2 ** policy.step.attempts,
    now: clock.now,
  });

  const findKey = gather<{ userId: string; key: string }, Remembered | undefined>(
    async (asked) => {
      const found = await store.findKeys(asked);
      const byName = new Map(found.map((known) => [`${known.userId} ${known.key}`, known]));
      return asked.map(({ userId, key }) => byName.get(`${userId} ${key}`));
    },
    { maxBatch: 500, maxWaiting: 5_000 },
  );

  const isLocked = gather<readonly string[], boolean>(
    async (asked) => {
      const locked = await store.findLocked([...new Set(asked.flat())]);
      return asked.map((lockKeys) => lockKeys.some((key) => locked.has(key)));
    },
    { maxBatch: 500, maxWaiting: 5_000 },
  );

  const find = sagaFinder<Saga>(store.load);

  /** The saga that this very request began, if it did. */
  async function findBegun(request: SagaRequest, hash: string): Promise<string | undefined> {
    const { userId, idempotencyKey: key } = request;
    if (key === undefined) return undefined;
    const known = await findKey({ userId, key });
    if (known && known.requestHash !== hash)
      throw problem('idempotency-key-reused', 'This Idempotency-Key came with another request before.');
    return known?.sagaId;
  }

  /**
   * The lock may be held by the first copy of this request, whose key isn't committed yet: a moment's patience. A saga's key
   * is committed together with its lock's row, so where there is the row and not the key it is a stranger's.
   */
  async function findBegunByCopy(
    request: SagaRequest,
    hash: string,
    lockKeys: readonly string[],
  ): Promise<string | undefined> {
    if (request.idempotencyKey === undefined) return undefined;
    for (const ms of [50, 150]) {
      const locked = await isLocked(lockKeys);
      const sagaId = await findBegun(request, hash);
      if (locked || sagaId !== undefined) return sagaId;
      await clock.sleep(ms);
    }
    return findBegun(request, hash);
  }

  /** @returns the id of the saga; where another has the lock or the key, what was to be locked */
  async function beginNew(
    request: SagaRequest,
    hash: string,
  ): Promise<{ sagaId: string } | { sagaId: undefined; lockKeys: string[] }> {
    const { type, idempotencyKey: key } = request;
    const definition = beginningBy(type);
    const sagaId = drawSagaId();
    const context = await request.context(sagaId);
    const lockKeys = definition.lockKeys(context);
    const lockValue = await locks.acquire(lockKeys, request.traceparent);
    if (lockValue === undefined) return { sagaId: undefined, lockKeys };

    const { saga, waitMs } = begin(
      {
        sagaId,
        // Drawn when its row is inserted.
        sagaNo: 0,
        type,
        definitionVersion: definition.version,
        userId: request.userId,
        traceparent: request.traceparent,
        faults: request.faults,
        context,
      },
      { definition, policy, now: new Date() },
    );
    let begun = false;
    try {
      begun = await runner.begin({
        saga,
        lockKeys,
        lockValue,
        instance,
        waitMs: waitMs ?? 0,
        idempotency: key === undefined ? undefined : { key, requestHash: hash },
      });
    } finally {
      // Safe also where the commit's outcome isn't known: the rows guard the seats, if they are there.
      if (!begun) await locks.release([{ keys: lockKeys, value: lockValue }]);
    }
    return begun ? { sagaId } : { sagaId: undefined, lockKeys };
  }

  async function beginPatiently(request: SagaRequest, hash: string): Promise<string | undefined> {
    const deadline = clock.now() + request.lockPatienceMs;
    for (;;) {
      const begun = await beginNew(request, hash);
      if (begun.sagaId !== undefined) return begun.sagaId;
      if (clock.now() >= deadline) return findBegunByCopy(request, hash, begun.lockKeys);
      const sagaId = await findBegun(request, hash);
      if (sagaId !== undefined) return sagaId;
      await clock.sleep(25 + clock.random() * 50);
    }
  }

  async function start(request: SagaRequest, onBegun: (sagaId: string) => void): Promise<SagaStart> {
    const hash = requestHash({ type: request.type, body: request.body });
    let sagaId = await findBegun(request, hash);
    const known = sagaId !== undefined;
    sagaId ??= await beginPatiently(request, hash);
    if (sagaId === undefined)
      throw problem('seat-locked', 'Another request is at work on a seat of these.', { retryAfter: 1 });

    if (!known) onBegun(sagaId);
    const over = request.waitMs > 0 ? clients.wait(sagaId, request.waitMs) : undefined;
    const before = known || !over ? await find(sagaId) : undefined;
    if (!over || (before && isOver(before))) return { sagaId, saga: before };
    return { sagaId, saga: (await over) ?? (await find(sagaId)) };
  }

  return async (request) => {
    const place = admit(request.type);
    let begun = false;
    try {
      return await start(request, (sagaId) => {
        begun = true;
        place.begun((ms) => clients.wait(sagaId, ms));
      });
    } catch (error) {
      if (error instanceof Overloaded) throw overloaded();
      if (error instanceof LockUnavailable) throw problem('unavailable', error.message, { retryAfter: 1 });
      throw error;
    } finally {
      if (!begun) place.leave();
    }
  };
}
