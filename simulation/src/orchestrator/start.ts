import { type StartSaga, sagaStarter } from '@holdfast/orchestrator/api/start-saga';
import type { Policy } from '@holdfast/orchestrator/engine/transition';
import type { Locks } from '@holdfast/orchestrator/runner/locks';
import { createRunner, type Runner, type RunnerOptions } from '@holdfast/orchestrator/runner/run';
import type { SagaStore } from '@holdfast/orchestrator/runner/store';
import { allDefinitions } from '@holdfast/orchestrator/sagas/all';
import { beginningBy, definitions } from '@holdfast/orchestrator/sagas/definitions';
import { encodeFloor, type ReceivedReply } from '@holdfast/shared/messaging/protocol';
import type { Group } from '../world/group.ts';
import type { Network } from '../world/network.ts';
import type { Process, World } from '../world/world.ts';
import { heldLocks, type SagaTables } from './tables.ts';
import { waitingClients } from './waiting.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} } as unknown as RunnerOptions['log'];

export type OrchestratorOptions = {
  world: World;
  network: Network;
  group: Group<ReceivedReply>;
  tables: SagaTables;
  store: (process: Process) => SagaStore;
  locks: (process: Process) => Locks;
  policy: Policy;
  leaseMs: number;
  crash: (process: Process) => Promise<void>;
  /** Between the topic and the runner; for what a mutation does to replies. */
  replies: (handle: Runner['onReplies']) => Runner['onReplies'];
};

/** Starts one instance of the orchestrator: the production runner, on the simulated parts. */
export function startOrchestrator(options: OrchestratorOptions, process: Process): StartSaga {
  const { world, network, group, tables, policy, leaseMs } = options;
  const store = options.store(process);
  const locks = options.locks(process);
  const clients = waitingClients(world, process, store);
  const publish = (records: Parameters<Network['publish']>[1]) => network.publish(process, records);
  const runner = createRunner({
    definitions,
    policy,
    store,
    publish,
    locks,
    clients,
    crash: () => options.crash(process),
    log: silent,
  });
  group.join(process, { handle: options.replies(runner.onReplies), beforeOffsets: runner.beforeOffsets });

  world.every(process, 50, async () => {
    if (tables.unsettled.size > 0) await runner.sweep();
  });
  world.every(process, leaseMs / 3, async () => {
    const old = [...tables.locks.values()].filter(({ acquiredAt }) => acquiredAt < world.now() - leaseMs / 3);
    if (old.length > 0) await locks.extend(heldLocks(old));
  });
  world.every(process, 400, async () => {
    const floor = floorOf(tables, world.now() - retentionMs);
    if (floor === 0) return;
    const services = ['reservation', 'payment', 'balance', 'token'] as const;
    await publish(services.map((service) => encodeFloor(service, floor)));
  });

  return sagaStarter({
    store,
    clock: { now: world.now, sleep: (ms) => world.sleep(process, ms), random: world.random.next },
    runner,
    locks,
    clients,
    beginningBy: beginningBy(allDefinitions),
    policy,
    instance: process.name,
    maxInFlight: 1_000,
    drawSagaId: world.random.uuid,
  });
}

/** Longer than any pause: a number that a zombie has drawn and not committed isn't to be seen. */
const retentionMs = 2_000;

/** As services/orchestrator/src/runner/floor.ts has it. */
function floorOf({ sagas, unsettled }: SagaTables, before: number): number {
  let floor = 0;
  for (const { sagaNo, startedAt } of sagas.values())
    if (startedAt.getTime() < before) floor = Math.max(floor, sagaNo);
  for (const id of unsettled) floor = Math.min(floor, sagas.get(id)?.sagaNo ?? 0);
  return floor;
}
