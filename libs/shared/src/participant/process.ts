import type { ParticipantName } from '../contracts/define.ts';
import type { CommandMessage } from '../contracts/protocol.ts';
import type { CrashMoment } from '../faults/faults.ts';
import type { OutgoingRecord } from '../messaging/cloud-event.ts';
import { encodeEvent, encodeReply } from '../messaging/protocol.ts';
import { inTransactionSpan } from '../telemetry/database.ts';
import { type Decision, decide, type Handler, inboxIds } from './decide.ts';
import { isInboxConflict } from './inbox.ts';
import type { ParticipantStore } from './store.ts';

export type ProcessorOptions<State> = {
  service: ParticipantName;
  handlers: readonly Handler<State>[];
  store: ParticipantStore<State>;
  publish: (records: OutgoingRecord[]) => Promise<void>;
  /** Kills the process where a fault asks for it; in tests and demos only. */
  crash: (moment: CrashMoment, asked: readonly CommandMessage[]) => Promise<void>;
  faults: boolean;
};

/**
 * Processes a batch: one transaction, then one publication. Throws with nothing committed, or with it all in the inbox.
 */
export function processor<State>(
  options: ProcessorOptions<State>,
): (batch: CommandMessage[]) => Promise<void> {
  const { service, store, publish, crash, faults } = options;
  const handlers = new Map(options.handlers.map((handler) => [handler.command.type, handler]));

  const commit = (commands: CommandMessage[]): Promise<Decision[]> =>
    inTransactionSpan(service, commands, () => transact(commands));

  const transact = (commands: CommandMessage[]): Promise<Decision[]> =>
    store.transaction(async (tx) => {
      // In one round trip: what has been done before, which is rare, is loaded for nothing.
      const [{ inbox, floor }, state] = await Promise.all([
        tx.readInbox(commands.flatMap(inboxIds)),
        tx.load(commands),
      ]);
      const { decisions, rows } = decide(handlers, state, inbox, floor, commands);
      // The inbox first: a command that another instance has done since is known by it, not by what it would break.
      await Promise.all([tx.writeInbox(rows), tx.save(state)]);
      await crash('crash-before', commands);
      return decisions;
    });

  return async (batch) => {
    const commands = faults ? batch.filter(({ fault }) => fault !== 'timeout') : batch.map(withoutFault);

    let decisions: Decision[];
    try {
      decisions = await commit(commands);
    } catch (error) {
      if (!isInboxConflict(error)) throw error;
      // Another instance was faster with one of them (a rebalance, a zombie): now its row is there to be seen.
      decisions = await commit(commands);
    }
    await crash('crash-after', commands);
    await publish(
      decisions.flatMap(({ command, reply, events }) => [
        ...(command.oneWay || command.fault === 'timeout-after'
          ? []
          : [encodeReply(service, command, reply)]),
        ...events.map((event) =>
          encodeEvent(service, `${command.id}/${event.type}`, event, command.traceparent),
        ),
      ]),
    );
    await crash('crash-after-publish', commands);
  };
}

/** A fault in a message counts only where faults are switched on. */
function withoutFault({ fault: _, ...command }: CommandMessage): CommandMessage {
  return command;
}
