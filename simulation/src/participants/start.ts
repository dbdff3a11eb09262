import type { ParticipantName } from '@holdfast/shared/contracts/define';
import type { CommandMessage } from '@holdfast/shared/contracts/protocol';
import type { Handler } from '@holdfast/shared/participant/decide';
import { processor } from '@holdfast/shared/participant/process';
import type { ParticipantStore } from '@holdfast/shared/participant/store';
import type { Group } from '../world/group.ts';
import type { Network } from '../world/network.ts';
import type { Process, World } from '../world/world.ts';

/** What a participant's commands topic holds, once decoded. */
export type ParticipantMessage = CommandMessage | { floor: number };

/** Starts one instance of a participant: the production code for a batch, on the simulated parts. */
export function startParticipant<State>(
  options: {
    world: World;
    network: Network;
    group: Group<ParticipantMessage>;
    service: ParticipantName;
    handlers: readonly Handler<State>[];
    store: (process: Process) => ParticipantStore<State>;
    crash: (process: Process) => Promise<void>;
  },
  process: Process,
): void {
  const { world, network, group, service, handlers, crash } = options;
  const store = options.store(process);
  const processBatch = processor({
    service,
    handlers,
    store,
    publish: (records) => network.publish(process, records),
    crash: () => crash(process),
    faults: false,
  });
  group.join(process, {
    handle: async (messages) => {
      const commands: CommandMessage[] = [];
      for (const message of messages) {
        if ('floor' in message) await store.raiseFloor(message.floor);
        else commands.push(message);
      }
      if (commands.length > 0) await processBatch(commands);
    },
  });
  world.every(process, 200, store.prune);
}
