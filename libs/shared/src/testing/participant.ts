import type { Knex } from 'knex';
import { type Migration, migrate } from '../database/migrate.ts';
import type { ReceivedRecord } from '../messaging/cloud-event.ts';
import type { KafkaConnection } from '../messaging/kafka.ts';
import { commandsTopic, deadLetterTopic, eventsTopic } from '../messaging/topics.ts';
import { type Participant, participate } from '../participant/participate.ts';
import { createLogger } from '../process/logger.ts';
import { createTestDatabase } from './database.ts';
import { connectTestKafka, playOrchestrator, record, type TestOrchestrator } from './kafka.ts';

/** A participant on real Kafka and Postgres, as the orchestrator and the subscribers of its events see it. */
export type Stage = {
  db: Knex;
  kafka: KafkaConnection;
  orchestrator: TestOrchestrator;
  /** What has come on the service's events topic so far. */
  events: () => ReceivedRecord[];
  deadLetters: () => ReceivedRecord[];
  stop: () => Promise<void>;
};

/**
 * Starts two instances of a participant, on a database and topics of their own.
 *
 * @param options.zombie a third one that was declared dead and doesn't know: it handles every record as well
 */
export async function stage<State>(
  participant: Participant<State>,
  migrations: readonly Migration[],
  options: { zombie?: boolean } = {},
): Promise<Stage> {
  const { db, drop } = await createTestDatabase();
  await migrate(db, migrations);
  const kafka = await connectTestKafka();
  const zombie: KafkaConnection = { ...kafka, consumer: (group) => kafka.consumer(`${group}-zombie`) };
  const instances = await Promise.all(
    [kafka, kafka, ...(options.zombie ? [zombie] : [])].map((kafka) =>
      participate({
        participant,
        db,
        kafka,
        faults: false,
        onFatal: (error) => {
          throw error;
        },
        log: createLogger({ service: 'test', level: 'silent' }),
      }),
    ),
  );
  const { service, handlers } = participant;
  const contracts = handlers.map(({ command }) => command);
  const deadLetters = deadLetterTopic(commandsTopic(service));
  const [orchestrator, outcome] = await Promise.all([
    playOrchestrator(kafka, contracts),
    record(kafka, [eventsTopic(service), deadLetters]),
  ]);

  return {
    db,
    kafka,
    orchestrator,
    events: () => outcome.records.filter(({ topic }) => topic === eventsTopic(service)),
    deadLetters: () => outcome.records.filter(({ topic }) => topic === deadLetters),
    stop: async () => {
      await Promise.all([orchestrator.stop(), outcome.stop()]);
      await Promise.all(instances.map((instance) => instance.stop()));
      await kafka.close();
      await drop();
    },
  };
}
