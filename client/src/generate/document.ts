import { routes as balanceRoutes } from '@holdfast/balance/http/routes';
import { routes as orchestratorRoutes } from '@holdfast/orchestrator/api/routes';
import { Config } from '@holdfast/orchestrator/config';
import { paymentRoutes } from '@holdfast/payment/http/payments';
import { routes as reservationRoutes } from '@holdfast/reservation/http/routes';
import { type App, buildApp } from '@holdfast/shared/http/app';
import { createLogger } from '@holdfast/shared/process/logger';
import { routes as tokenRoutes } from '@holdfast/token/http/routes';

export type OpenApiDocument = {
  openapi: string;
  info: object;
  components?: object;
  paths: Record<string, object>;
};

const title = 'Holdfast';
const description = 'Queue for a concert, hold a seat, pay for it: all that a ticket buyer’s client needs.';

/**
 * The OpenAPI document of the public API: what the services' own documents say of `/v1`, as the gateway brings it together.
 * It is made of the schemas that requests are checked by, and nothing has to run for it.
 */
export async function publicDocument(): Promise<OpenApiDocument> {
  const services: ((app: App) => void)[] = [
    (app) =>
      orchestratorRoutes(app, { startSaga: unused, faults: false, maxSeats, reserved: unused, db: unused }),
    (app) => reservationRoutes(app, { db: unused, wakeOutbox: unused, seatMap: unused, listeners: unused }),
    (app) => paymentRoutes(app, { db: unused }),
    (app) => balanceRoutes(app, { db: unused, wakeOutbox: unused, config: { ...config, ...development } }),
    (app) =>
      tokenRoutes(app, {
        db: unused,
        places: unused,
        listeners: unused,
        reservations: unused,
        policy: unused,
        limits: { ofAddress: async () => {}, ofUser: async () => {} },
        wakeOutbox: unused,
      }),
  ];
  const documents = await Promise.all(services.map(documentOf));
  const [first] = documents as [OpenApiDocument];
  return { ...first, paths: merged(documents.map(({ paths }) => paths)) };
}

/** What can be configured is described as it is unless it is. */
const { default: maxSeats } = Config.properties.MAX_SEATS_PER_RESERVATION as unknown as {
  default: number;
};

/** Routes are described here and never asked anything. */
const unused = undefined as never;

const config = { JWT_SECRET: 'signs nothing, since nobody is served', MAX_REQUESTS_IN_FLIGHT: 1 };
const development = { HOLDFAST_DEV: true, DEFAULT_CURRENCY: 'KRW', LEDGER_CHECK_EVERY_MS: 86_400_000 };

async function documentOf(routes: (app: App) => void): Promise<OpenApiDocument> {
  const logger = createLogger({ service: 'documents', level: 'silent' });
  const app = await buildApp({ service: 'documents', description, config, checks: {}, routes, logger });
  const document = (await app.inject({ url: '/docs/json' })).json<OpenApiDocument>();
  return { ...document, info: { ...document.info, title } };
}

/** By path and method, in a fixed order. A path may have methods of several services. */
function merged(all: OpenApiDocument['paths'][]): OpenApiDocument['paths'] {
  const paths: OpenApiDocument['paths'] = {};
  for (const [path, methods] of all.flatMap(Object.entries<object>).sort(([a], [b]) => (a < b ? -1 : 1)))
    if (path.startsWith('/v1/')) paths[path] = { ...paths[path], ...methods };
  return paths;
}
