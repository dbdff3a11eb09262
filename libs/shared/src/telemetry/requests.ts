import type { FastifyInstance } from 'fastify';
import { newTraceparent, traceparentFrom } from '../http/traceparent.ts';
import { requestDuration } from './metrics.ts';
import {
  failSpan,
  type Span,
  SpanKind,
  spanContextOf,
  startSpan,
  traceFields,
  traceparentOf,
} from './spans.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** W3C Trace Context: of the span that this request is. */
    traceparent: string;
    /** Undefined where it isn't traced. */
    span: Span | undefined;
  }
}

/**
 * Each request is a span, a line in the log, and counted; probes aside. To be called before any other hook.
 *
 * @param options.edge strangers ask: the trace begins here, whatever they say of theirs, which it is linked to. They
 *   could have all of it recorded otherwise.
 */
export function traceRequests(app: FastifyInstance, { edge }: { edge: boolean }): void {
  app.decorateRequest('traceparent', '');
  app.decorateRequest('span', undefined);

  app.addHook('onRequest', async (request, reply) => {
    const { method, routeOptions, headers } = request;
    if (isProbe(routeOptions.url)) return;
    const caller = traceparentFrom(headers.traceparent);
    const name = routeOptions.url ? `${method} ${routeOptions.url}` : method;
    const span = startSpan(name, edge ? undefined : caller, {
      kind: SpanKind.SERVER,
      attributes: {
        'http.request.method': method,
        ...(routeOptions.url !== undefined && { 'http.route': routeOptions.url }),
      },
      ...(edge && caller && { links: [{ context: spanContextOf(caller) }] }),
    });
    request.traceparent = traceparentOf(span) ?? caller ?? newTraceparent();
    if (span.isRecording()) request.span = span;
    request.log = app.log.child(traceFields(request.traceparent));
    reply.log = request.log;
  });

  app.addHook('onResponse', async ({ method, routeOptions, span, log, traceparent }, reply) => {
    if (isProbe(routeOptions.url)) return;
    const { statusCode, elapsedTime } = reply;
    log[edge ? 'debug' : 'info'](
      { method, route: routeOptions.url, status: statusCode, ms: Math.round(elapsedTime) },
      'answered',
    );
    const labels = {
      http_request_method: method,
      http_route: routeOptions.url ?? '',
      http_response_status_code: statusCode,
    };
    requestDuration(elapsedTime / 1_000, labels, span && traceparent);
    if (!span) return;
    span.setAttribute('http.response.status_code', statusCode);
    if (statusCode >= 500) failSpan(span, String(statusCode));
    span.end();
  });
}

const isProbe = (route: string | undefined): boolean => route?.startsWith('/health/') ?? false;
