import replyFrom from '@fastify/reply-from';
import { limitInFlight } from '@holdfast/shared/http/limit';
import { answerWithProblems, serverOptions } from '@holdfast/shared/http/server';
import { traceRequests } from '@holdfast/shared/telemetry/requests';
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  fastify,
  type HTTPMethods,
  LogController,
} from 'fastify';
import { documentationRoutes } from './documentation.ts';
import { forwarder } from './forward.ts';
import { healthRoutes } from './health.ts';
import { routes } from './routes.ts';
import { buyerRoutes, consoleRoutes, type SiteDirs } from './sites.ts';
import type { Upstreams } from './upstream.ts';

// A saga's client waits up to 30 s (`Prefer: wait=30`), and then the answer takes its time.
const longestAnswerMs = 45_000;

/** The one origin of the API: sends each request on to an instance of the service that answers it. */
export function buildGateway(options: {
  upstreams: Upstreams;
  siteDirs: SiteDirs;
  /** Beyond so many requests under way it refuses. */
  maxInFlight: number;
  /** Those before it that say truly where a request comes from; without any, its peer is who asks. */
  trustProxy: string | undefined;
  logger: FastifyBaseLogger;
}): FastifyInstance {
  const { upstreams, siteDirs, maxInFlight, logger } = options;
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    ...serverOptions,
    trustProxy: options.trustProxy ?? false,
  });
  traceRequests(app, { edge: true });
  const { refuseOtherMethods } = answerWithProblems(app);
  limitInFlight(app, maxInFlight);
  passBodiesOn(app);
  app.register(replyFrom, {
    disableRequestLogging: true,
    undici: {
      // Streams keep theirs for minutes: as many as an instance takes, and room for requests. How many of these may wait
      // at once is limited above, and by the services, who know what it costs.
      connections: 16_384,
      pipelining: 1,
      headersTimeout: longestAnswerMs,
      bodyTimeout: longestAnswerMs,
      connect: { timeout: 2_000 },
    },
  });

  const forward = forwarder(upstreams);
  for (const { method = app.supportedMethods as HTTPMethods[], path, service, maxBodyBytes } of routes) {
    app.route({
      method,
      url: path,
      ...(maxBodyBytes && { bodyLimit: maxBodyBytes }),
      exposeHeadRoute: !method.includes('HEAD'),
      handler: (request, reply) => forward(service, request.url, reply),
    });
  }
  documentationRoutes(app, forward);
  buyerRoutes(app, siteDirs);
  consoleRoutes(app, siteDirs);
  healthRoutes(app, upstreams);
  refuseOtherMethods();
  app.addHook('onClose', async () => {
    for (const upstream of Object.values(upstreams)) upstream.stop();
  });
  return app;
}

/** Bodies aren't parsed here, which the services do, but kept: another instance may have to be asked. */
function passBodiesOn(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  // Fastify would refuse it without one; that no path has this method is for the services to say.
  app.addHook('onRequest', async ({ method, headers }) => {
    if (method === 'QUERY') headers['content-type'] ??= 'application/octet-stream';
  });
}
