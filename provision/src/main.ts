import { readConfig } from '@holdfast/shared/config/config';
import { forEachService } from '@holdfast/shared/contracts/define';
import { provisionKafka } from '@holdfast/shared/messaging/provision';
import { kafkaServer } from '@holdfast/shared/messaging/server';
import { runOnce } from '@holdfast/shared/process/lifecycle';
import { createLogger } from '@holdfast/shared/process/logger';
import { Config, passwordName, userName } from './config.ts';
import { databaseNamedIn, provision } from './postgres.ts';

/** Run by an administrator before the services are, and again whenever a password has changed. */
runOnce(async () => {
  const config = readConfig('provision', Config);
  const log = createLogger({ service: 'provision', level: 'info' });
  const database = databaseNamedIn(config.POSTGRES_URL);
  await provision({
    adminUrl: config.POSTGRES_URL,
    database,
    passwords: forEachService((service) => config[passwordName(service)]),
  });
  log.info({ database }, 'each service has its role and its schema');

  const { KAFKA_BROKERS, KAFKA_REPLICATION_FACTOR, KAFKA_MIN_INSYNC_REPLICAS } = config;
  if (!KAFKA_BROKERS) return;
  await provisionKafka({
    server: kafkaServer({ ...config, KAFKA_BROKERS }),
    prefix: config.KAFKA_TOPIC_PREFIX,
    replicationFactor: KAFKA_REPLICATION_FACTOR,
    minInsyncReplicas: KAFKA_MIN_INSYNC_REPLICAS,
    users: config.KAFKA_ACLS ? forEachService((service) => config[userName(service)]) : undefined,
  });
  log.info({ rights: config.KAFKA_ACLS }, 'the topics are there');
});
