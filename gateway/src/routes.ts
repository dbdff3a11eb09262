import type { ServiceName } from '@holdfast/shared/contracts/define';

interface Route {
  /** Without one the service itself says which it has, path by path. */
  method?: 'GET' | 'POST' | ('GET' | 'POST')[];
  path: string;
  service: ServiceName;
  /** Where a service takes more than the others do, in bytes. */
  maxBodyBytes?: number;
}

/** Which service answers what. The sagas' POSTs go to the orchestrator, what they made is read where it lives. */
export const routes: Route[] = [
  { method: 'POST', path: '/v1/reservations', service: 'orchestrator' },
  { method: 'POST', path: '/v1/payments', service: 'orchestrator' },
  { method: 'POST', path: '/v1/refunds', service: 'orchestrator' },
  { method: ['GET', 'POST'], path: '/v1/sagas', service: 'orchestrator' },
  { path: '/v1/sagas/*', service: 'orchestrator' },
  // Dead letters are imported by the thousand.
  { path: '/ops/v1/*', service: 'orchestrator', maxBodyBytes: 8 * 1024 * 1024 },
  { method: 'POST', path: '/v1/dev/operators', service: 'orchestrator' },

  { method: 'GET', path: '/v1/concerts', service: 'reservation' },
  { path: '/v1/concerts/*', service: 'reservation' },
  { path: '/v1/performances/*', service: 'reservation' },
  { path: '/v1/reservations/*', service: 'reservation' },

  { path: '/v1/payments/*', service: 'payment' },

  { method: 'GET', path: '/v1/balance', service: 'balance' },
  { path: '/v1/balance/*', service: 'balance' },
  { path: '/v1/dev/*', service: 'balance' },

  { method: 'POST', path: '/v1/tokens', service: 'token' },
  { path: '/v1/tokens/*', service: 'token' },
  { path: '/v1/queues/*', service: 'token' },
];
