import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory, temporaryDataDirectory } from '@holdfast/launcher/data-dir';
import type { Secure } from '@holdfast/launcher/infrastructure/embedded/secure';
import { type Infrastructure, startInfrastructure } from '@holdfast/launcher/infrastructure/start';
import { projectRoot } from '@holdfast/launcher/paths';
import { keptSecrets } from '@holdfast/launcher/secrets';
import { type System, startSystem } from '@holdfast/launcher/system';
import { silent } from '@holdfast/launcher/terminal/report';
import { loadConfig } from '@holdfast/shared/config/config';
import { KafkaConfig } from '@holdfast/shared/config/kafka';
import { redisTls } from '@holdfast/shared/config/redis';
import { forEachService, type ServiceName, serviceNames } from '@holdfast/shared/contracts/define';
import { kafkaServer } from '@holdfast/shared/messaging/server';
import { queryOnce } from '@holdfast/shared/testing/database';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { Kafka, logLevel } from 'kafkajs';
import { makeCertificate } from './support/certificate.ts';
import { hold, newUser, seatSource } from './support/client.ts';
import { eventually } from './support/eventually.ts';

/**
 * A whole system where everything is encrypted and everybody has a password: Kafka by SASL_SSL with ACLs, Postgres by
 * hostssl alone, Redis by TLS with ACL users. Each service may do what it has to, and nothing else.
 */

const prefix = 'secured.';
const dataDir = temporaryDataDirectory();
const caFile = join(dataDir, 'ca.pem');
const password = (): string => randomBytes(16).toString('hex');
const kafkaUsers = forEachService(password);
const redisPasswords = { orchestrator: password(), token: password() };
const adminPassword = password();

/** What a process is told of Kafka's security. */
const asKafkaUser = (user: string, itsPassword: string): NodeJS.ProcessEnv => ({
  KAFKA_TLS: '1',
  KAFKA_TLS_CA: caFile,
  KAFKA_SASL_MECHANISM: 'scram-sha-512',
  KAFKA_SASL_USERNAME: user,
  KAFKA_SASL_PASSWORD: itsPassword,
});

let infrastructure: Infrastructure;
let system: System;

beforeAll(async () => {
  const { certificate, key } = await makeCertificate();
  writeFileSync(caFile, certificate);
  const commands = '+@read +@write +@scripting +@connection -@dangerous +info +time';
  const secure: Secure = {
    certificate,
    key,
    caFile,
    adminPassword,
    kafkaUsers,
    redisUsers: {
      orchestrator: `on >${redisPasswords.orchestrator} resetchannels ~${prefix}lock:* &${prefix}saga-ended:* +@pubsub ${commands}`,
      token: `on >${redisPasswords.token} resetchannels ~${prefix}rate:token:* ${commands}`,
    },
    clientEnv: { ...asKafkaUser('admin', adminPassword), REDIS_TLS_CA: caFile },
  };
  const shared = { dataDir, report: silent, signal: new AbortController().signal };
  infrastructure = await startInfrastructure({
    ...shared,
    cacheDir: cacheDirectory(process.env),
    ports: 'free',
    secure,
    containers: 'never',
    env: {},
  });
  provision();
  const ofService = forEachService((service) => asKafkaUser(service, kafkaUsers[service]));
  system = await startSystem({
    ...shared,
    infrastructure,
    topicPrefix: prefix,
    env: {
      ...ofService,
      all: { REDIS_TLS_CA: caFile, LOG_LEVEL: 'warn' },
      orchestrator: { ...ofService.orchestrator, REDIS_URL: redisUrl('orchestrator') },
      token: { ...ofService.token, REDIS_URL: redisUrl('token') },
    },
  });
}, 180_000);

afterAll(async () => {
  await system?.stop();
  await infrastructure?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** A process with what every one needs to know here; and what it has said. */
function runProcess(main: string, env: NodeJS.ProcessEnv): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(projectRoot, main)], {
    encoding: 'utf8',
    timeout: 30_000,
    env: {
      PATH: process.env.PATH,
      KAFKA_BROKERS: infrastructure.kafkaBrokers,
      KAFKA_TOPIC_PREFIX: prefix,
      ...env,
    },
  });
  return { status, output: stdout + stderr };
}

/** As an administrator. */
function provision(): void {
  const { databasePasswords } = keptSecrets(dataDir);
  const { status, output } = runProcess('provision/dist/main.js', {
    ...asKafkaUser('admin', adminPassword),
    KAFKA_ACLS: '1',
    KAFKA_REPLICATION_FACTOR: '1',
    KAFKA_MIN_INSYNC_REPLICAS: '1',
    POSTGRES_URL: infrastructure.postgresUrl,
    ...Object.fromEntries(
      serviceNames.map((name) => [`${name.toUpperCase()}_POSTGRES_PASSWORD`, databasePasswords[name]]),
    ),
  });
  if (status !== 0) throw new Error(output);
}

const serverAs = (user: string, itsPassword: string) =>
  kafkaServer(
    loadConfig(KafkaConfig, {
      ...asKafkaUser(user, itsPassword),
      KAFKA_BROKERS: infrastructure.kafkaBrokers,
    }),
  );

function redisUrl(user: 'orchestrator' | 'token'): string {
  return Object.assign(new URL(infrastructure.redisUrl), { username: user, password: redisPasswords[user] })
    .href;
}

function postgresUrl(service: ServiceName): string {
  const url = new URL(system.adminPostgresUrl);
  url.username = `holdfast_${service}`;
  url.password = keptSecrets(dataDir).databasePasswords[service];
  return url.href;
}

const kafkaOf = (options: ConstructorParameters<typeof Kafka>[0]) =>
  // Nothing is tried again here, and a handshake may take longer than kafkajs's second where the machine is busy.
  new Kafka({ connectionTimeout: 10_000, ...options, logLevel: logLevel.NOTHING, retry: { retries: 0 } });
const kafkaAs = (service: ServiceName) => kafkaOf(serverAs(service, kafkaUsers[service]));

test('a seat is held and paid for', async () => {
  const user = await newUser(system.url, 500_000);
  const nextSeat = await seatSource(system.url);
  const held = await hold(user, nextSeat());
  expect(await user.pay(held.reservationId)).toMatchObject({ status: 201 });
  expect(await user.balance()).toBe(500_000 - held.price.amount);
});

describe('Kafka', () => {
  const write = async (service: ServiceName, topic: string): Promise<void> => {
    const producer = kafkaAs(service).producer();
    await producer.connect();
    try {
      await producer.send({ topic: prefix + topic, messages: [{ value: 'nonsense' }] });
    } finally {
      await producer.disconnect();
    }
  };

  test("takes from a service what it has to say, and nothing in another's name", async () => {
    await write('payment', 'payment.events');
    const refused = [
      'balance.commands',
      'payment.commands',
      'balance.events',
      'balance.commands.dlq',
      'ops.audit',
    ];
    for (const topic of refused)
      await expect(write('payment', topic)).rejects.toMatchObject({ type: 'TOPIC_AUTHORIZATION_FAILED' });
  });

  test("gives a service neither another's commands nor its group", async () => {
    const read = async (service: ServiceName, topic: string, groupId: string): Promise<void> => {
      const consumer = kafkaAs(service).consumer({ groupId: prefix + groupId });
      const crashed = new Promise<never>((_, reject) => {
        consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      });
      crashed.catch(() => undefined);
      try {
        await consumer.connect();
        await consumer.subscribe({ topics: [prefix + topic], fromBeginning: true });
        await consumer.run({ eachMessage: async () => undefined });
        await crashed;
      } finally {
        await consumer.disconnect();
      }
    };
    // What kafkajs makes of GROUP_AUTHORIZATION_FAILED; below, in a group of its own, it finds it.
    await expect(read('payment', 'payment.commands', 'balance')).rejects.toThrow(
      'Failed to find group coordinator',
    );
    await expect(read('reservation', 'balance.commands', 'reservation-seats-test')).rejects.toThrow(
      'Not authorized to access topics',
    );
  });

  test('lets no service make topics', async () => {
    const admin = kafkaAs('orchestrator').admin();
    await admin.connect();
    try {
      await expect(admin.createTopics({ topics: [{ topic: `${prefix}mine` }] })).rejects.toThrow(
        'Topic creation errors',
      );
    } finally {
      await admin.disconnect();
    }
  });

  test('is not to be reached without TLS, without a password or with a wrong one', async () => {
    const connect = async (options: object): Promise<void> => {
      const { brokers } = serverAs('payment', 'wrong');
      const timeouts = { connectionTimeout: 2_000, authenticationTimeout: 2_000, requestTimeout: 2_000 };
      const admin = kafkaOf({ brokers, ...timeouts, ...options }).admin();
      try {
        await admin.connect();
        await admin.listTopics();
      } finally {
        await admin.disconnect();
      }
    };
    const { ssl, sasl } = serverAs('payment', 'wrong');
    await expect(connect({})).rejects.toThrow();
    await expect(connect({ sasl })).rejects.toThrow();
    await expect(connect({ ssl })).rejects.toThrow();
    // Of this one the broker's answer has to be waited for.
    const patient = { connectionTimeout: 10_000, authenticationTimeout: 10_000, requestTimeout: 10_000 };
    await expect(connect({ ssl, sasl, ...patient })).rejects.toThrow(
      /authentication failed|invalid credentials/i,
    );
  });

  test('is provisioned again without a change, and a right that is not needed any more goes', async () => {
    const admin = kafkaOf(serverAs('admin', adminPassword)).admin();
    await admin.connect();
    const rights = async () => {
      const any = { resourceType: 1, resourcePatternType: 1, operation: 1, permissionType: 1 };
      const { resources } = await admin.describeAcls({ ...any, principal: 'User:balance' });
      return resources.flatMap(({ resourceName, acls }) =>
        acls.map(({ operation }) => `${resourceName} ${operation}`),
      );
    };
    try {
      const before = (await rights()).sort();
      const stray = { host: '*', principal: 'User:balance', operation: 4, permissionType: 3 };
      await admin.createAcls({
        acl: [
          { ...stray, resourceType: 2, resourcePatternType: 3, resourceName: `${prefix}payment.commands` },
          { ...stray, resourceType: 2, resourcePatternType: 3, resourceName: 'elsewhere.payment.commands' },
        ],
      });
      // The controller says that it is done before its broker has heard of it.
      await eventually(async () => expect(await rights()).toHaveLength(before.length + 2));
      provision();
      await eventually(async () =>
        expect((await rights()).sort()).toEqual([...before, 'elsewhere.payment.commands 4'].sort()),
      );
    } finally {
      await admin.disconnect();
    }
  });
});

describe('Postgres', () => {
  test("shows a service its own schema by TLS, and no other's", async () => {
    const own = postgresUrl('payment');
    expect(await queryOnce(own, 'select version from pg_stat_ssl where pid = pg_backend_pid()')).toEqual([
      { version: 'TLSv1.3' },
    ]);
    await queryOnce(own, 'select * from payment');
    await expect(queryOnce(own, 'select * from balance.account')).rejects.toThrow('permission denied');
  });

  test('is not to be reached without TLS, and a client does not take a stranger for it', async () => {
    const url = new URL(postgresUrl('payment'));
    url.search = '';
    await expect(queryOnce(url.href, 'select 1')).rejects.toThrow('no encryption');
    url.search = '?sslmode=verify-full';
    await expect(queryOnce(url.href, 'select 1')).rejects.toThrow(/self-signed certificate/);
  });
});

describe('Redis', () => {
  const ask = async (
    url: string,
    work: (redis: Redis) => Promise<unknown>,
    ca: string | undefined = caFile,
  ) => {
    const redis = new Redis(url, { ...redisTls(url, ca), lazyConnect: true, retryStrategy: () => null });
    const failed = new Promise<never>((_, reject) => redis.on('error', reject));
    failed.catch(() => undefined);
    try {
      return await Promise.race([redis.connect().then(() => work(redis)), failed]);
    } finally {
      redis.disconnect();
    }
  };
  const take = (redis: Redis) => redis.set(`${prefix}lock:seat`, 'mine', 'PX', 100);

  test('lets a service at its own keys alone', async () => {
    expect(await ask(redisUrl('orchestrator'), take)).toBe('OK');
    await expect(ask(redisUrl('token'), take)).rejects.toThrow('NOPERM');
    await expect(ask(redisUrl('orchestrator'), (redis) => redis.flushall())).rejects.toThrow('NOPERM');
  });

  test('is not to be reached without TLS or without a password, and a client does not take a stranger for it', async () => {
    const { host } = new URL(infrastructure.redisUrl);
    await expect(ask(`redis://${host}`, take)).rejects.toThrow();
    await expect(ask(`rediss://${host}`, take)).rejects.toThrow('NOAUTH');
    await expect(ask(`rediss://token:wrong@${host}`, take)).rejects.toThrow('WRONGPASS');
    await expect(ask(redisUrl('token'), take, undefined)).rejects.toThrow();
  });
});

describe('a service that is told a wrong one says so at its start, and exits', () => {
  const start = (env: NodeJS.ProcessEnv) =>
    runProcess('services/balance/dist/main.js', {
      ...asKafkaUser('balance', kafkaUsers.balance),
      PORT: '0',
      POSTGRES_URL: postgresUrl('balance'),
      JWT_SECRET: 'a secret of more than thirty-two characters',
      ...env,
    });

  test.each([
    [
      'password of Kafka',
      () => ({ KAFKA_SASL_PASSWORD: 'wrong' }),
      /^Kafka refuses KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD: /m,
    ],
    [
      'CA of Kafka',
      () => ({ KAFKA_TLS_CA: '' }),
      /^Kafka's certificate can't be trusted, see KAFKA_TLS_CA: /m,
    ],
    [
      'prefix, whose topics nobody has provisioned',
      () => ({ KAFKA_TOPIC_PREFIX: 'elsewhere.' }),
      /^Kafka doesn't let this user do what it must, or topics are missing: provision it/m,
    ],
    [
      'password of Postgres',
      () => ({ POSTGRES_URL: postgresUrl('balance').replace(/:[^:@/]+@/, ':wrong@') }),
      /password authentication failed for user \\"holdfast_balance\\"/,
    ],
  ])('%s', (_, env, complaint) => {
    const { status, output } = start(env());
    expect(output).toMatch(complaint);
    expect(output).not.toContain(kafkaUsers.balance);
    expect(status).toBe(1);
  });
});

test('npm start takes it from the environment, and says what it is not let into', async () => {
  const env = {
    KAFKA_BROKERS: infrastructure.kafkaBrokers,
    POSTGRES_URL: infrastructure.postgresUrl,
    REDIS_URL: infrastructure.redisUrl,
    REDIS_TLS_CA: caFile,
    ...asKafkaUser('admin', adminPassword),
  };
  const start = (env: NodeJS.ProcessEnv) =>
    startInfrastructure({
      dataDir,
      cacheDir: cacheDirectory(process.env),
      report: silent,
      ports: 'free',
      containers: 'never',
      env,
      signal: new AbortController().signal,
    });
  const { sources } = await start(env);
  expect(sources).toEqual({ kafka: 'environment', postgres: 'environment', redis: 'environment' });
  await expect(start({ ...env, KAFKA_SASL_PASSWORD: 'wrong' })).rejects.toThrow(/^Kafka doesn't answer at /);
});
