import { setTimeout as sleep } from 'node:timers/promises';
import type { PartName } from '@holdfast/launcher/infrastructure/part';
import { Redis } from 'ioredis';
import type { ExternalApiMode } from '../external-api/server.ts';
import type { ProxyMode } from '../system/proxy.ts';
import { atOnce, type Fault, forAWhile } from './fault.ts';

const parts: readonly PartName[] = ['kafka', 'postgres', 'redis'];

/** Kills Kafka, Postgres or Redis; its supervisor starts it again. */
export const restarts: readonly Fault[] = parts.map((part) => ({
  kind: `${part}-restart`,
  inject: ({ rig }) => atOnce(part, () => rig.infrastructure.processes[part]?.kill('SIGKILL')),
}));

/** Redis forgets everything: every lock that is held. */
export const redisFlush: Fault = {
  kind: 'redis-flush',
  inject: ({ rig }) =>
    atOnce('redis', async () => {
      const redis = new Redis(rig.infrastructure.redisUrl);
      redis.on('error', () => undefined);
      await redis.flushall();
      redis.disconnect();
    }),
};

/** All services' connections to one part break, each in its way. */
export const connections: readonly Fault[] = (
  ['cut', 'hang', 'slow', 'drop'] as const satisfies readonly ProxyMode[]
).flatMap((mode) =>
  parts.map(
    (part): Fault => ({
      kind: `connection-${mode}`,
      target: part,
      inject: ({ rig, random }) => {
        const proxy = rig.proxies[part];
        return forAWhile(
          part,
          () => proxy.set(mode),
          () => proxy.set('pass'),
          () => sleep(random.between(2_000, 5_000)),
        );
      },
    }),
  ),
);

export const externalApi: readonly Fault[] = (
  ['down', 'slow', 'failing'] as const satisfies readonly ExternalApiMode[]
).map((mode) => ({
  kind: `external-api-${mode}`,
  inject: ({ rig, random }) =>
    forAWhile(
      'external API',
      () => rig.externalApi.set(mode),
      () => rig.externalApi.set('ok'),
      () => sleep(random.between(2_000, 5_000)),
    ),
}));
