import { loadConfig } from '@holdfast/shared/config/config';
import { KafkaConfig } from '@holdfast/shared/config/kafka';
import { redisTls } from '@holdfast/shared/config/redis';
import { kafkaServer } from '@holdfast/shared/messaging/server';
import { Redis } from 'ioredis';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import type { PartName } from './part.ts';

const timeoutMs = 3_000;

/** Each rejects unless the part at this URL answers to whom `env` says we are: as services are told, by the same variables. */
export const probes: Record<PartName, (url: string, env: NodeJS.ProcessEnv) => Promise<void>> = {
  kafka: kafkaAnswers,
  postgres: postgresAnswers,
  redis: redisAnswers,
};

async function kafkaAnswers(brokers: string, env: NodeJS.ProcessEnv): Promise<void> {
  const kafka = new Kafka({
    ...kafkaServer(loadConfig(KafkaConfig, { ...env, KAFKA_BROKERS: brokers })),
    clientId: 'holdfast-launcher',
    connectionTimeout: timeoutMs,
    requestTimeout: timeoutMs,
    logLevel: logLevel.NOTHING,
    retry: { retries: 0 },
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    const cluster = await admin.describeCluster();
    if (cluster.brokers.length === 0) throw new Error('no broker has registered yet');
  } finally {
    await admin.disconnect();
  }
}

async function postgresAnswers(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: timeoutMs });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
  } finally {
    await client.end();
  }
}

async function redisAnswers(url: string, env: NodeJS.ProcessEnv): Promise<void> {
  const redis = new Redis(url, {
    ...redisTls(url, env.REDIS_TLS_CA || undefined),
    lazyConnect: true,
    connectTimeout: timeoutMs,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    await redis.ping();
  } finally {
    redis.disconnect();
  }
}
