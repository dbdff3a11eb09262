import { describe, expect, test } from '@jest/globals';
import Type from 'typebox';
import { serviceConfig } from './common.ts';
import { ConfigError, loadConfig } from './config.ts';
import { describeVariables, helpText } from './describe.ts';

const schema = serviceConfig({
  HOLD_SECONDS: Type.Integer({ default: 300, minimum: 1, description: 'how long a seat is held' }),
});

const env = {
  PORT: '0',
  KAFKA_BROKERS: 'localhost:9092, localhost:9093',
  POSTGRES_URL: 'postgres://balance:secret@localhost/holdfast',
  JWT_SECRET: 'a secret of more than thirty-two characters',
};

function errorOf(badEnv: NodeJS.ProcessEnv): string {
  try {
    loadConfig(schema, badEnv);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('the configuration was taken');
}

describe('loadConfig', () => {
  test('makes typed values and fills in what has a default', () => {
    expect(loadConfig(schema, { ...env, HOLDFAST_DEV: '1' })).toEqual({
      PORT: 0,
      HOST: '127.0.0.1',
      DRAIN_MS: 2_000,
      MAX_REQUESTS_IN_FLIGHT: 200,
      KAFKA_BROKERS: ['localhost:9092', 'localhost:9093'],
      KAFKA_TOPIC_PREFIX: '',
      KAFKA_TLS: false,
      KAFKA_SESSION_TIMEOUT_MS: 6_000,
      POSTGRES_URL: env.POSTGRES_URL,
      MIGRATE_AT_START: true,
      POSTGRES_POOL: 10,

      JWT_SECRET: env.JWT_SECRET,
      HOLDFAST_DEV: true,
      HOLDFAST_FAULTS: false,
      LOG_LEVEL: 'info',
      OTEL_TRACES_SAMPLER_ARG: 0.01,
      HOLD_SECONDS: 300,
    });
  });

  test('tells of everything that is wrong at once, with what it is for', () => {
    const message = errorOf({
      ...env,
      PORT: '80.5',
      POSTGRES_URL: undefined,
      HOLD_SECONDS: 'soon',
      HOLDFAST_DEV: 'yes',
      LOG_LEVEL: 'loud',
    });
    expect(message.split('\n')).toEqual([
      'The configuration is not valid:',
      expect.stringMatching(/^ {2}POSTGRES_URL is not set – .*role/),
      expect.stringMatching(/^ {2}PORT must be integer – TCP port/),
      expect.stringMatching(/^ {2}HOLDFAST_DEV must be 1 or 0 – /),
      expect.stringMatching(/^ {2}LOG_LEVEL must be one of silent, fatal, .* – /),
      '  HOLD_SECONDS must be integer – how long a seat is held',
    ]);
  });

  test('never shows a value', () => {
    expect(errorOf({ ...env, JWT_SECRET: 'hunter2' })).toMatch(/JWT_SECRET must NOT have fewer than 32/);
    expect(errorOf({ ...env, JWT_SECRET: 'hunter2', POSTGRES_URL: 'http://:hunter3@postgres' })).not.toMatch(
      /hunter/,
    );
  });

  test('takes an empty variable for an unset one', () => {
    expect(errorOf({ ...env, PORT: '' })).toMatch(/PORT is not set/);
    expect(loadConfig(schema, { ...env, JWKS_URL: '', HOLD_SECONDS: '' }).HOLD_SECONDS).toBe(300);
  });

  test('tells what of the security of Kafka is missing, all of it', () => {
    const message = errorOf({ ...env, KAFKA_TLS_CA: '/nowhere.pem', KAFKA_SASL_MECHANISM: 'md5' });
    expect(message.split('\n').sort()).toEqual([
      '  KAFKA_SASL_MECHANISM must be one of plain, scram-sha-256, scram-sha-512 – how to prove who this is; unset: not at all',
      '  KAFKA_SASL_PASSWORD is not set, but KAFKA_SASL_MECHANISM is – its password',
      '  KAFKA_SASL_USERNAME is not set, but KAFKA_SASL_MECHANISM is – Kafka user; each service has its own',
      expect.stringMatching(/^ {2}KAFKA_TLS is not set – /),
      expect.stringMatching(/^ {2}KAFKA_TLS_CA is no file that can be read – /),
      'The configuration is not valid:',
    ]);
    expect(errorOf({ ...env, KAFKA_TLS: '0', KAFKA_TLS_CA: process.execPath })).toMatch(
      /KAFKA_TLS must be 1/,
    );
  });

  test.each([
    ['neither', { ...env, JWT_SECRET: undefined }],
    ['both', { ...env, JWKS_URL: 'https://issuer.example/keys' }],
  ])('refuses %s of the two sources of keys', (_, badEnv) => {
    expect(errorOf(badEnv)).toMatch(/set exactly one of JWT_SECRET, JWKS_URL/);
  });
});

describe('what an operator is told', () => {
  const described = new Map(describeVariables(schema).map((variable) => [variable.name, variable]));

  test('says of each variable what it takes, its default and whether it is needed', () => {
    expect(described.get('HOLD_SECONDS')).toEqual({
      name: 'HOLD_SECONDS',
      type: 'integer from 1',
      default: '300',
      need: 'optional',
      secret: false,
      description: 'how long a seat is held',
    });
    expect(described.get('KAFKA_BROKERS')).toMatchObject({ type: 'list', need: 'required' });
    expect(described.get('KAFKA_TLS')).toMatchObject({ type: '1 or 0', default: '0' });
    expect(described.get('JWKS_URL')?.need).toBe('exactly one of JWT_SECRET, JWKS_URL');
  });

  test('names the secrets', () => {
    const secrets = [...described.values()].filter(({ secret }) => secret).map(({ name }) => name);
    expect(secrets).toEqual(['KAFKA_SASL_PASSWORD', 'POSTGRES_URL', 'JWT_SECRET']);
  });

  test('is what --help prints', () => {
    const help = helpText('reservation', schema);
    expect(help).toContain('  HOLD_SECONDS (integer from 1; default 300)\n      how long a seat is held\n');
    for (const name of described.keys()) expect(help).toContain(`  ${name} (`);
  });
});
