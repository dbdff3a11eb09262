import type { Knex } from 'knex';
import type { Logger } from 'pino';
import { gather } from '../batching/gather.ts';
import type { ParticipantName } from '../contracts/define.ts';
import type { CommandMessage } from '../contracts/protocol.ts';
import { inTransaction } from '../database/query.ts';
import { crashIfAsked } from '../faults/faults.ts';
import { type Consumption, consume } from '../messaging/consume.ts';
import type { KafkaConnection } from '../messaging/kafka.ts';
import { commandDecoder, encodeEvent, encodeReply } from '../messaging/protocol.ts';
import { commandsTopic } from '../messaging/topics.ts';
import { type Decision, decide, type Handler, inboxIds } from './decide.ts';
import { isInboxConflict, raiseFloor, readInbox, writeInbox } from './inbox.ts';

/** A service's part in the sagas: what it does for each command, and how its rows are loaded and saved in batches. */
export type Participant<State> = {
  service: ParticipantName;
  handlers: readonly Handler<State>[];
  /** Loads and locks, in one order, the rows that these commands are about. */
  load: (tx: Knex.Transaction, commands: readonly CommandMessage[]) => Promise<State>;
  /** Writes what the handlers changed. */
  save: (tx: Knex.Transaction, state: State) => Promise<void>;
};

export type ParticipateOptions<State> = {
  participant: Participant<State>;
  db: Knex;
  kafka: KafkaConnection;
  faults: boolean;
  onFatal: (error: Error) => void;
  log: Logger;
};

/** Consumes the service's commands until stopped. */
export function participate<State>(options: ParticipateOptions<State>): Promise<Consumption> {
  const { participant, db, kafka, onFatal, log } = options;
  const { service } = participant;
  const processAlone = processor(options);

  // What several partitions have at hand shares a transaction; where it fails, each tries for itself.
  const processTogether = gather<CommandMessage[], Error | undefined>(
    async (batches) => {
      try {
        await processAlone(batches.flat());
        return batches.map(() => undefined);
      } catch (error) {
        if (batches.length === 1) return [error as Error];
        return Promise.all(batches.map((batch) => processAlone(batch).then(noError, (e: Error) => e)));
      }
    },
    { maxBatch: 16, maxWaiting: 64 },
  );

  return consume({
    kafka,
    group: service,
    topics: [commandsTopic(service)],
    decode: commandDecoder(
      service,
      participant.handlers.map(({ command }) => command),
    ),
    handle: async (messages) => {
      const commands: CommandMessage[] = [];
      for (const message of messages) {
        if ('floor' in message) await raiseFloor(db, message.floor);
        else commands.push(message);
      }
      if (commands.length === 0) return;
      const error = await processTogether(commands);
      if (error) throw error;
    },
    onFatal,
    log,
  });
}

const noError = () => undefined;

/** One batch: one transaction, then one publication. Throws with nothing committed, or with it all in the inbox. */
function processor<State>({ participant, db, kafka, faults }: ParticipateOptions<State>) {
  const { service } = participant;
  const handlers = new Map(participant.handlers.map((handler) => [handler.command.type, handler]));

  async function commit(commands: CommandMessage[], beforeCommit: () => Promise<void>): Promise<Decision[]> {
    return inTransaction(db, async (tx) => {
      const { inbox, floor } = await readInbox(tx, commands.flatMap(inboxIds));
      const fresh = commands.filter(({ id, sagaNo }) => sagaNo >= floor && !inbox.has(id));
      const state = await participant.load(tx, fresh);
      const { decisions, rows } = decide(handlers, state, inbox, floor, commands);
      if (fresh.length > 0) await participant.save(tx, state);
      await writeInbox(tx, rows);
      await beforeCommit();
      return decisions;
    });
  }

  return async (batch: CommandMessage[]): Promise<void> => {
    const commands = faults ? batch.filter(({ fault }) => fault !== 'timeout') : batch.map(withoutFault);

    let decisions: Decision[];
    try {
      decisions = await commit(commands, () => crashIfAsked(db, 'crash-before', commands));
    } catch (error) {
      if (!isInboxConflict(error)) throw error;
      // Another instance was faster with one of them (a rebalance, a zombie): now its row is there to be seen.
      decisions = await commit(commands, () => crashIfAsked(db, 'crash-before', commands));
    }
    await crashIfAsked(db, 'crash-after', commands);
    await kafka.publish(
      decisions.flatMap(({ command, reply, events }) => [
        ...(command.oneWay || command.fault === 'timeout-after'
          ? []
          : [encodeReply(service, command, reply)]),
        ...events.map((event) =>
          encodeEvent(service, `${command.id}/${event.type}`, event, command.traceparent),
        ),
      ]),
    );
  };
}

/** A fault in a message counts only where faults are switched on. */
function withoutFault({ fault: _, ...command }: CommandMessage): CommandMessage {
  return command;
}
