import Type, { type Static, type TProperties } from 'typebox';
import { telemetryProperties } from '../telemetry/config.ts';

const flag = (description: string) =>
  Type.Boolean({ default: false, description: `${description} (1 or 0)` });

/** Also the gateway's. */
export const drainMs = Type.Integer({
  default: 2_000,
  minimum: 0,
  maximum: 5_000,
  description:
    'how long a process that is stopping still takes requests, until nobody sends it any, in milliseconds',
});

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
  TRUST_PROXY: Type.Optional(
    Type.String({
      description:
        'proxies whose X-Forwarded-For is believed: addresses, CIDR ranges or loopback, comma-separated; none unless set',
    }),
  ),
  KAFKA_BROKERS: Type.Array(Type.String({ pattern: '^[^\\s:]+:\\d+$' }), {
    minItems: 1,
    description: 'brokers to start from, host:port, comma-separated',
  }),
  KAFKA_TOPIC_PREFIX: Type.String({
    default: '',
    pattern: '^[A-Za-z0-9._-]*$',
    description: 'goes before the name of every topic and group, to share a cluster',
  }),
  KAFKA_SESSION_TIMEOUT_MS: Type.Integer({
    default: 6_000,
    minimum: 1_000,
    description: 'silence, in milliseconds, after which a consumer counts as dead',
  }),
  POSTGRES_URL: Type.String({
    pattern: '^postgres(ql)?://',
    description: "postgres:// URL with the service's own role",
  }),
  POSTGRES_POOL: Type.Integer({ default: 10, minimum: 2, description: 'connections at most' }),
  JWT_SECRET: Type.Optional(
    Type.String({ minLength: 32, description: 'secret of HS256 access tokens, 32 characters or more' }),
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

/** The configuration that every service takes. */
export type CommonConfig = Static<ReturnType<typeof serviceConfig<Record<never, never>>>>;

/** The schema of a service's configuration: what is common to all, and its own. */
export function serviceConfig<Own extends TProperties>(own: Own) {
  return Type.Object(
    { ...commonProperties, ...own },
    { oneOf: [{ required: ['JWT_SECRET'] }, { required: ['JWKS_URL'] }] },
  );
}
