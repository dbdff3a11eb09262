import type { SystemOptions } from '@holdfast/launcher/system';

/** As in production, or shorter, so that an hour holds hundreds of zombies, expiries and prunings. All in ms. */
export const sessionTimeoutMs = 6_000;
export const lockLeaseMs = 5_000;
export const holdTtlMs = 10_000;

export function environment(urls: {
  externalApiUrl: string;
  gatewayUrl: string;
}): NonNullable<SystemOptions['env']> {
  return {
    all: {
      HOLDFAST_FAULTS: '1',
      KAFKA_SESSION_TIMEOUT_MS: String(sessionTimeoutMs),
      LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn',
    },
    orchestrator: {
      LOCK_LEASE_MS: String(lockLeaseMs),
      // So that a topic that is read again from its beginning also meets commands that are long forgotten.
      INBOX_RETENTION_MS: '60000',
      PRUNE_EVERY_MS: '5000',
      EXTERNAL_API_URL: urls.externalApiUrl,
      EXTERNAL_API_TIMEOUT_MS: '1000',
    },
    reservation: {
      HOLDFAST_SEED: '0',
      HOLD_TTL_MS: String(holdTtlMs),
      EXPIRE_EVERY_MS: '500',
      // The prober alone has hundreds.
      MAX_SEATS_PER_USER: '2000',
    },
    token: { ACTIVE_TTL_MS: '30000', RESERVATION_URL: urls.gatewayUrl },
  };
}
