import type { Knex } from 'knex';
import type { Logger } from 'pino';
import type { ParticipantName } from '../contracts/define.ts';
import type { CommandMessage } from '../contracts/protocol.ts';
import { crashesAtOffsets, crashIfAsked } from '../faults/faults.ts';
import { type Consumption, consume } from '../messaging/consume.ts';
import type { KafkaConnection } from '../messaging/kafka.ts';
import { commandDecoder } from '../messaging/protocol.ts';
import { together } from '../messaging/together.ts';
import { commandsTopic } from '../messaging/topics.ts';
import { every } from '../process/every.ts';
import { traceSends } from '../telemetry/messages.ts';
import type { Handler } from './decide.ts';
import { processor } from './process.ts';
import { postgresStore, type Rows } from './store.ts';

/** A service's part in the sagas: what it does for each command, and how its rows are loaded and saved in batches. */
export type Participant<State> = Rows<State> & {
  service: ParticipantName;
  handlers: readonly Handler<State>[];
};

export type ParticipateOptions<State> = {
  participant: Participant<State>;
  db: Knex;
  kafka: KafkaConnection;
  faults: boolean;
  onFatal: (error: Error) => void;
  log: Logger;
};

/** How often it forgets some of what its inbox needn't know any more: five thousand commands, more than it can process meanwhile. */
const pruneEveryMs = 1_000;

/** Consumes the service's commands, and forgets those of old sagas, until stopped. */
export async function participate<State>(options: ParticipateOptions<State>): Promise<Consumption> {
  const { participant, db, kafka, faults, onFatal, log } = options;
  const { service, handlers } = participant;
  const store = postgresStore(db, participant);
  const atOffsets = crashesAtOffsets((moment, asked) => crashIfAsked(db, moment, asked));
  const processTogether = together(
    processor({
      service,
      handlers,
      store,
      publish: traceSends(kafka.publish),
      crash: (moment, commands) => crashIfAsked(db, moment, commands),
      faults,
    }),
  );

  const consumption = await consume({
    kafka,
    group: service,
    topics: [commandsTopic(service)],
    decode: commandDecoder(
      service,
      handlers.map(({ command }) => command),
    ),
    handle: async (messages) => {
      const commands: CommandMessage[] = [];
      for (const message of messages) {
        if ('floor' in message) await store.raiseFloor(message.floor);
        else commands.push(message);
      }
      if (commands.length === 0) return;
      await processTogether(commands);
      if (faults) atOffsets.handled(commands);
    },
    beforeOffsets: atOffsets.beforeCommit,
    onFatal,
    log,
  });
  // Apart from the commands, so that none waits for it.
  const pruning = every(pruneEveryMs, 'pruning of the inbox', store.prune, log);
  return {
    ...consumption,
    stop: async () => {
      await consumption.stop();
      await pruning.stop();
    },
  };
}
