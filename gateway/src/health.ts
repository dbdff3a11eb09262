import { type ServiceName, serviceNames } from '@holdfast/shared/contracts/define';
import { problem } from '@holdfast/shared/http/problems';
import type { FastifyInstance } from 'fastify';
import type { Upstreams } from './upstream.ts';

const timeoutMs = 3_000;

export function healthRoutes(app: FastifyInstance, upstreams: Upstreams): void {
  app.get('/health/live', { config: { limited: false } }, async () => ({ status: 'alive' }));

  app.get('/health/ready', { config: { limited: false } }, async () => {
    if (app.stopping) throw problem('unavailable', 'Stopping.', { retryAfter: 1 });
    const notReady = await servicesNotReady(upstreams);
    if (notReady.length === 0) return { status: 'ready', services: serviceNames };
    throw problem('unavailable', `Not ready: ${notReady.join(', ')}.`, {
      retryAfter: 1,
      extra: { notReady },
    });
  });
}

async function servicesNotReady(upstreams: Upstreams): Promise<ServiceName[]> {
  const ready = await Promise.all(
    serviceNames.map(async (service) => {
      const instances = await Promise.all(upstreams[service].all().map(isReady));
      return instances.includes(true);
    }),
  );
  return serviceNames.filter((_, index) => !ready[index]);
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(timeoutMs) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
