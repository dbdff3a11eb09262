import type { Saga } from '@holdfast/orchestrator/engine/saga';
import { type Clients, isOver } from '@holdfast/orchestrator/runner/clients';
import type { SagaStore } from '@holdfast/orchestrator/runner/store';
import type { Process, World } from '../world/world.ts';

/** The clients that wait at one instance. Only its own sagas are told at once; the others are looked for. */
export function waitingClients(
  world: World,
  process: Process,
  store: Pick<SagaStore, 'load'>,
): Pick<Clients, 'wait' | 'ended'> {
  const waiting = new Map<string, Set<(saga: Saga) => void>>();

  const tell = (sagas: Iterable<Saga>): void => {
    for (const saga of sagas) for (const done of waiting.get(saga.sagaId) ?? []) done(saga);
  };

  async function look(): Promise<void> {
    for (;;) {
      await world.sleep(process, 100);
      if (waiting.size > 0) tell([...(await store.load([...waiting.keys()])).values()].filter(isOver));
    }
  }
  void look();

  return {
    wait: (sagaId, ms) =>
      new Promise((resolve) => {
        const waiters = waiting.get(sagaId) ?? new Set();
        const finish = (saga: Saga | undefined): void => {
          waiters.delete(finish);
          if (waiters.size === 0) waiting.delete(sagaId);
          resolve(saga);
        };
        waiters.add(finish);
        waiting.set(sagaId, waiters);
        if (ms !== undefined) void world.sleep(process, ms).then(() => finish(undefined));
      }),
    ended: tell,
  };
}
