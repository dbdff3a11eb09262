import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ConnectionError, FastifyBaseLogger, FastifyInstance, HTTPMethods } from 'fastify';
import { sendError } from './errors.ts';
import { type ProblemCode, problem, problemBody, problemMediaType } from './problems.ts';
import { prepareToStop } from './stop.ts';

/** What the services and the gateway have in common: whatever comes, the answer is a problem (RFC 9457) or what was asked. */

/** A larger body is answered with 413. */
export const maxBodyBytes = 64 * 1024;

export const serverOptions = {
  bodyLimit: maxBodyBytes,
  forceCloseConnections: 'idle',
  // Whatever still comes, on a connection that was open, is served.
  return503OnClosing: false,
  // A request that trickles in would hold its connection for ever.
  requestTimeout: 60_000,
  // A request has a logger of its own where it is traced: one is enough.
  childLoggerFactory: (logger: FastifyBaseLogger) => logger,
  frameworkErrors: sendError,
  clientErrorHandler: answerNonsense,
} as const;

/** To be called before the routes; what it returns, after them. */
export function answerWithProblems(app: FastifyInstance): { refuseOtherMethods: () => void } {
  app.setErrorHandler(sendError);
  app.setNotFoundHandler(() => {
    throw problem('route-not-found');
  });
  // Node would answer 417 with no body. An expectation may be ignored (RFC 9110, 10.1.1).
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));

  prepareToStop(app);

  const methods = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method, schema }) => {
    if (schema?.hide) return;
    methods.set(url, new Set([...(methods.get(url) ?? []), ...[method].flat()]));
  });
  return {
    refuseOtherMethods: () => {
      for (const [url, allowed] of methods) refuse(app, url, allowed);
    },
  };
}

/** A path that doesn't have this method isn't one that doesn't exist. */
function refuse(app: FastifyInstance, url: string, allowed: ReadonlySet<string>): void {
  const others = app.supportedMethods.filter((method) => !allowed.has(method)) as HTTPMethods[];
  const allow = [...allowed].sort().join(', ');
  app.route({
    method: others,
    url,
    exposeHeadRoute: false,
    schema: { hide: true },
    // Before the body is looked at.
    onRequest: async (_request, reply) => {
      reply.header('allow', allow);
      throw problem('method-not-allowed', `Allowed: ${allow}.`);
    },
    handler: () => undefined,
  });
}

/** What isn't HTTP, or too much of it, never gets as far as a route. */
function answerNonsense(error: ConnectionError, socket: Socket): void {
  if (error.code !== 'ECONNRESET' && socket.writable) {
    const refusal = problem(nonsense[error.code] ?? 'not-http');
    const body = JSON.stringify(problemBody(refusal));
    socket.write(
      [
        `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}`,
        `content-type: ${problemMediaType}`,
        `content-length: ${Buffer.byteLength(body)}`,
        'connection: close',
        '',
        body,
      ].join('\r\n'),
    );
  }
  socket.destroy();
}

const nonsense: Record<string, ProblemCode> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
  HPE_HEADER_OVERFLOW: 'headers-too-large',
};
