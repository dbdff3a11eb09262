import type { ServiceName } from '../service-names.ts';

interface Route {
  method: 'GET' | 'POST' | ('GET' | 'POST' | 'DELETE')[];
  path: string;
  service: ServiceName;
}

/** Which service answers what. The sagas' POSTs go to the orchestrator, what they made is read where it lives. */
export const routes: Route[] = [
  { method: 'POST', path: '/v1/reservations', service: 'orchestrator' },
  { method: 'POST', path: '/v1/payments', service: 'orchestrator' },
  { method: ['GET', 'POST'], path: '/v1/sagas', service: 'orchestrator' },
  { method: ['GET', 'POST'], path: '/v1/sagas/*', service: 'orchestrator' },
  { method: ['GET', 'POST'], path: '/ops/v1/*', service: 'orchestrator' },
  { method: 'POST', path: '/v1/dev/operators', service: 'orchestrator' },

  { method: 'GET', path: '/v1/concerts', service: 'reservation' },
  { method: 'GET', path: '/v1/concerts/*', service: 'reservation' },
  { method: 'GET', path: '/v1/performances/*', service: 'reservation' },
  { method: 'GET', path: '/v1/reservations/*', service: 'reservation' },

  { method: 'GET', path: '/v1/payments/*', service: 'payment' },

  { method: 'GET', path: '/v1/balance', service: 'balance' },
  { method: ['GET', 'POST'], path: '/v1/balance/*', service: 'balance' },
  { method: 'POST', path: '/v1/dev/*', service: 'balance' },

  { method: 'POST', path: '/v1/tokens', service: 'token' },
  { method: ['GET', 'POST', 'DELETE'], path: '/v1/tokens/*', service: 'token' },
];
