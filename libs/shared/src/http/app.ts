import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  fastify,
  LogController,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from 'fastify';
import type { CommonConfig } from '../config/common.ts';
import { traceRequests } from '../telemetry/requests.ts';
import { type AuthConfig, type Authenticate, authenticator, type User } from './auth.ts';
import { type Checks, healthRoutes } from './health.ts';
import { limitInFlight } from './limit.ts';
import { documentRoutes } from './openapi.ts';
import { answerWithProblems, serverOptions } from './server.ts';
import { validatorCompiler } from './validation.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** False for a route whose requests cost next to nothing, or which bounds by itself what it has under way. */
    limited?: false;
  }
  interface FastifyInstance {
    /** For a route's `onRequest`: refuses who has no valid access token, and sets `request.user`. */
    authenticate: Authenticate;
  }
  interface FastifyRequest {
    /** Only where the route has `onRequest: app.authenticate`. */
    user: User;
    /** W3C Trace Context: of the span that this request is. */
    traceparent: string;
  }
}

/** A fastify server whose routes' types come from their TypeBox schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/**
 * The HTTP side of a service, not listening yet: its routes, health, and OpenAPI document. Whatever fails is answered
 * as a problem (RFC 9457).
 *
 * @param options.checks what the service needs to be ready
 */
export async function buildApp(options: {
  service: string;
  description: string;
  version?: string;
  config: AuthConfig & Pick<CommonConfig, 'TRUST_PROXY' | 'MAX_REQUESTS_IN_FLIGHT'>;
  checks: Checks;
  routes: (app: App) => void | Promise<void>;
  logger: FastifyBaseLogger;
}): Promise<App> {
  const app: App = fastify({
    loggerInstance: options.logger,
    // Its lines have whole URLs and addresses; ours are written where requests are traced.
    logController: new LogController({ disableRequestLogging: true }),
    ...serverOptions,
    // Otherwise anyone could claim to be at any address.
    trustProxy: options.config.TRUST_PROXY ?? false,
  });
  app.setValidatorCompiler(validatorCompiler);
  traceRequests(app, { edge: false });
  const { refuseOtherMethods } = answerWithProblems(app);
  // A body is JSON or nothing.
  app.removeContentTypeParser('text/plain');

  app.decorate('authenticate', authenticator(options.config));
  app.decorateRequest('user');
  limitInFlight(app, options.config.MAX_REQUESTS_IN_FLIGHT);

  await documentRoutes(app, {
    title: `Holdfast ${options.service}`,
    description: options.description,
    version: options.version ?? '1.0.0',
  });
  healthRoutes(app, options.checks);
  await options.routes(app);
  refuseOtherMethods();
  return app;
}
