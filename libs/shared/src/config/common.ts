import Type, { type Static, type TProperties } from 'typebox';
import { telemetryProperties } from '../telemetry/config.ts';
import { kafkaRules, kafkaVariables } from './kafka.ts';

const flag = (description: string) => Type.Boolean({ default: false, description });

/** Also the gateway's. */
export const drainMs = Type.Integer({
  default: 2_000,
  minimum: 0,
  maximum: 5_000,
  description:
    'how long a process that is stopping still takes requests, until nobody sends it any, in milliseconds',
});

/** Also the gateway's. */
export const trustProxy = Type.Optional(
  Type.String({
    description:
      'proxies whose X-Forwarded-For is believed: addresses, CIDR ranges or loopback, comma-separated; none unless set',
  }),
);

const commonProperties = {
  PORT: Type.Integer({
    minimum: 0,
    maximum: 65_535,
    description: 'TCP port to listen on; 0 takes any free one',
  }),
  HOST: Type.String({ default: '127.0.0.1', description: 'address to listen on' }),
  DRAIN_MS: drainMs,
  MAX_REQUESTS_IN_FLIGHT: Type.Integer({
    default: 200,
    minimum: 1,
    description: 'requests under way at once, those that wait for a saga aside; more get 503',
  }),
  TRUST_PROXY: trustProxy,
  ...kafkaVariables,
  KAFKA_SESSION_TIMEOUT_MS: Type.Integer({
    default: 6_000,
    minimum: 1_000,
    description: 'silence, in milliseconds, after which a consumer counts as dead',
  }),
  KAFKA_INSTANCE_ID: Type.Optional(
    Type.String({
      pattern: '^[A-Za-z0-9._-]{1,249}$',
      description:
        'name that this instance keeps when it is started again, and no other of its service has: after a sudden death it has its partitions back at once; unset: once the session of the dead one has run out',
    }),
  ),
  POSTGRES_URL: Type.String({
    pattern: '^postgres(ql)?://',
    writeOnly: true,
    description:
      "postgres:// URL with the service's own role; ?sslmode=verify-full&sslrootcert=<file> for TLS",
  }),
  MIGRATE_AT_START: Type.Boolean({
    default: true,
    description: 'whether an instance brings its schema up to date, or waits until another has (1 or 0)',
  }),
  POSTGRES_POOL: Type.Integer({ default: 10, minimum: 2, description: 'connections at most' }),
  JWT_SECRET: Type.Optional(
    Type.String({
      minLength: 32,
      writeOnly: true,
      description: 'secret of HS256 access tokens, 32 characters or more',
    }),
  ),
  JWKS_URL: Type.Optional(
    Type.String({ format: 'uri', description: 'JSON Web Key Set of the issuer of access tokens' }),
  ),
  JWT_ISSUER: Type.Optional(Type.String({ description: 'required `iss` of access tokens' })),
  JWT_AUDIENCE: Type.Optional(Type.String({ description: 'required `aud` of access tokens' })),
  HOLDFAST_DEV: flag('development endpoints: anyone may make users'),
  HOLDFAST_FAULTS: flag('failure on demand: anyone may make a saga fail'),
  LOG_LEVEL: Type.Enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'], {
    default: 'info',
    description: 'least severe level that is logged',
  }),
  ...telemetryProperties,
};

/** What `dist/migrate.js` of each service takes. */
export const MigrationConfig = Type.Object({
  POSTGRES_URL: commonProperties.POSTGRES_URL,
  LOG_LEVEL: commonProperties.LOG_LEVEL,
});

/** The configuration that every service takes. */
export type CommonConfig = Static<ReturnType<typeof serviceConfig<Record<never, never>>>>;

/** The schema of a service's configuration: what is common to all, and its own. */
export function serviceConfig<Own extends TProperties>(own: Own) {
  return Type.Object(
    { ...commonProperties, ...own },
    { ...kafkaRules, oneOf: [{ required: ['JWT_SECRET'] }, { required: ['JWKS_URL'] }] },
  );
}
