import type { ServiceName } from '@holdfast/shared/contracts/define';
import type { Secrets } from './secrets.ts';

export interface ServiceSettings {
  service: ServiceName;
  port: number;
  postgresUrl: string;
  kafkaBrokers: string;
  topicPrefix: string | undefined;
  redisUrl: string;
  /** Base URLs of every service's instances. */
  urls: Record<ServiceName, readonly string[]>;
  secrets: Secrets;
  /** What is set for this service on purpose; goes before everything else. */
  own: NodeJS.ProcessEnv;
}

/** A service's environment: the launcher's, with what this service needs and without the others' secrets. */
export function serviceEnvironment(base: NodeJS.ProcessEnv, settings: ServiceSettings): NodeJS.ProcessEnv {
  // On one host each has a port of its own.
  const { TOKEN_SECRET, EXTERNAL_API_SECRET, METRICS_PORT: _, ...common } = base;
  const { service, secrets, urls } = settings;
  const production = base.NODE_ENV === 'production';
  return {
    // Whoever stops the launcher stops all of it: there is nobody to be told.
    DRAIN_MS: '0',
    HOLDFAST_DEV: production ? '0' : '1',
    // In development all come from one address: the demo's hundreds, and the tests'.
    ...(!production && { RATE_LIMIT_PER_ADDRESS: '0', SEATS_MAX_STREAMS_PER_ADDRESS: '0' }),
    ...(service === 'reservation' && { HOLDFAST_SEED: '1' }),
    ...common,
    ...(!base.JWT_SECRET && !base.JWKS_URL && { JWT_SECRET: secrets.jwtSecret }),
    HOST: '127.0.0.1',
    // The gateway's.
    TRUST_PROXY: 'loopback',
    PORT: String(settings.port),
    KAFKA_BROKERS: settings.kafkaBrokers,
    ...(settings.topicPrefix !== undefined && { KAFKA_TOPIC_PREFIX: settings.topicPrefix }),
    POSTGRES_URL: settings.postgresUrl,
    REDIS_URL: settings.redisUrl,
    ...(service === 'orchestrator' && {
      EXTERNAL_API_SECRET: EXTERNAL_API_SECRET || secrets.externalApiSecret,
      RESERVATION_URL: urls.reservation.join(','),
      PAYMENT_URL: urls.payment.join(','),
      BALANCE_URL: urls.balance.join(','),
      TOKEN_URL: urls.token.join(','),
    }),
    ...(service === 'token' && {
      TOKEN_SECRET: TOKEN_SECRET || secrets.tokenSecret,
      RESERVATION_URL: urls.reservation.join(','),
    }),
    ...settings.own,
  };
}
