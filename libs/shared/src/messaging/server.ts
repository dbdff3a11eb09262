import { readFileSync } from 'node:fs';
import type { KafkaConfig as KafkajsConfig, SASLOptions } from 'kafkajs';
import type { KafkaConfig } from '../config/kafka.ts';

/** Where Kafka is, and how to get in: as kafkajs wants to know it. */
export type KafkaServer = Pick<KafkajsConfig, 'ssl' | 'sasl'> & { brokers: string[] };

/** The same for services, for the launcher's probes, and for whoever provisions Kafka. */
export function kafkaServer(config: Omit<KafkaConfig, 'KAFKA_TOPIC_PREFIX'>): KafkaServer {
  const { KAFKA_TLS_CA: caFile, KAFKA_SASL_MECHANISM: mechanism } = config;
  const server: KafkaServer = { brokers: config.KAFKA_BROKERS };
  if (config.KAFKA_TLS) server.ssl = caFile === undefined ? {} : { ca: readFileSync(caFile) };
  if (mechanism !== undefined) {
    const { KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = config;
    server.sasl = { mechanism, username, password } as SASLOptions;
  }
  return server;
}
