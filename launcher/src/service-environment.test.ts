import { forEachService } from '@holdfast/shared/contracts/define';
import { expect, test } from '@jest/globals';
import { type ServiceSettings, serviceEnvironment } from './service-environment.ts';

const settings: ServiceSettings = {
  service: 'payment',
  port: 8083,
  postgresUrl: 'postgres://holdfast_payment:secret@127.0.0.1/holdfast',
  kafkaBrokers: '127.0.0.1:9092',
  topicPrefix: undefined,
  redisUrl: 'redis://127.0.0.1',
  urls: forEachService((service) => [`http://${service}:1`, `http://${service}:2`]),
  secrets: {
    databasePasswords: forEachService((service) => `password of ${service}`),
    jwtSecret: 'kept jwt secret',
    tokenSecret: 'kept token secret',
    externalApiSecret: 'whsec_kept',
  },
  own: {},
};

const ofOthers = {
  POSTGRES_URL: 'postgres://admin@db',
  TOKEN_SECRET: 'theirs',
  EXTERNAL_API_SECRET: 'whsec_theirs',
};

test("a service gets its own role's URL and no secret of another service", () => {
  const env = serviceEnvironment(ofOthers, settings);
  expect(env.POSTGRES_URL).toBe(settings.postgresUrl);
  expect(env).not.toHaveProperty('TOKEN_SECRET');
  expect(env).not.toHaveProperty('EXTERNAL_API_SECRET');
});

test('a secret in the environment goes before the kept one, to the service that it is for', () => {
  expect(serviceEnvironment({}, { ...settings, service: 'token' }).TOKEN_SECRET).toBe('kept token secret');
  expect(serviceEnvironment(ofOthers, { ...settings, service: 'token' }).TOKEN_SECRET).toBe('theirs');
  expect(serviceEnvironment(ofOthers, { ...settings, service: 'orchestrator' }).EXTERNAL_API_SECRET).toBe(
    'whsec_theirs',
  );
});

test("the kept JWT secret is used only where nobody says who issues the users' tokens", () => {
  expect(serviceEnvironment({}, settings).JWT_SECRET).toBe('kept jwt secret');
  expect(serviceEnvironment({ JWT_SECRET: 'theirs' }, settings).JWT_SECRET).toBe('theirs');
  expect(serviceEnvironment({ JWKS_URL: 'https://issuer/keys' }, settings)).not.toHaveProperty('JWT_SECRET');
});

test('development endpoints are off in production', () => {
  expect(serviceEnvironment({}, settings).HOLDFAST_DEV).toBe('1');
  expect(serviceEnvironment({ NODE_ENV: 'production' }, settings).HOLDFAST_DEV).toBe('0');
});

test.each(['RATE_LIMIT_PER_ADDRESS', 'SEATS_MAX_STREAMS_PER_ADDRESS'])(
  'in development nobody is turned away for an address that all share: %s',
  (limit) => {
    expect(serviceEnvironment({}, settings)[limit]).toBe('0');
    expect(serviceEnvironment({ [limit]: '5' }, settings)[limit]).toBe('5');
    expect(serviceEnvironment({ NODE_ENV: 'production' }, settings)).not.toHaveProperty(limit);
  },
);

test('everything else passes through, and what is set for one service wins', () => {
  const env = serviceEnvironment(
    { HOLDFAST_FAULTS: '0', LOG_LEVEL: 'debug' },
    { ...settings, own: { HOLDFAST_FAULTS: '1' } },
  );
  expect(env).toMatchObject({ HOLDFAST_FAULTS: '1', LOG_LEVEL: 'debug' });
});

test('the orchestrator is told where all participants are, the token service where the reservation services are', () => {
  expect(serviceEnvironment({}, { ...settings, service: 'orchestrator' })).toMatchObject({
    BALANCE_URL: 'http://balance:1,http://balance:2',
    RESERVATION_URL: 'http://reservation:1,http://reservation:2',
  });
  expect(serviceEnvironment({}, { ...settings, service: 'token' }).RESERVATION_URL).toBe(
    'http://reservation:1,http://reservation:2',
  );
});
