import type { ServiceName } from '@holdfast/shared/contracts/define';
import { problem } from '@holdfast/shared/http/problems';
import { endSpan, SpanKind, startSpan, traceparentOf } from '@holdfast/shared/telemetry/spans';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { saysGoodbye, type Upstreams } from './upstream.ts';

/** Sends a request on to `path` of one of the service's instances. */
export type Forward = (service: ServiceName, path: string, reply: FastifyReply) => FastifyReply;

export function forwarder(upstreams: Upstreams): Forward {
  return (service, target, reply) => {
    const upstream = upstreams[service];
    const { path, query } = parse(target);

    function send(instancesLeft: number): FastifyReply {
      const url = upstream.next();
      const { traceparent, method } = reply.request;
      const span = startSpan(`${method} ${service}`, traceparent, {
        kind: SpanKind.CLIENT,
        attributes: { 'http.request.method': method, 'server.address': url },
      });
      return reply.from(url + path, {
        ...bodyOf(reply.request),
        // As it came: the library would decode it together with the path.
        queryString: () => query,
        // Only the gateway, and proxies that it trusts, know where a request comes from: what the client says isn't passed on.
        rewriteRequestHeaders: ({ ip }, headers) => ({
          ...without(ofConnection, headers),
          'x-forwarded-for': ip,
          traceparent: traceparentOf(span) ?? traceparent,
        }),
        rewriteHeaders: (headers) => {
          endSpan(span);
          if (saysGoodbye(headers.connection)) upstream.leaveOut(url);
          return without(ofConnection, headers);
        },
        // The library's own would ask the same instance again.
        retryDelay: () => null,
        onError(reply, { error }) {
          endSpan(span, error);
          if (requestAtFault.has(codeOf(error) ?? ''))
            return void reply.send(problem('validation', 'This request cannot be sent on.'));
          reply.log.warn({ err: error, url }, `${service} did not answer`);
          upstream.leaveOut(url);
          if (instancesLeft > 1 && mayBeSentAgain(reply.request, error)) send(instancesLeft - 1);
          else
            reply.send(problem('unavailable', `The ${service} service does not answer.`, { retryAfter: 1 }));
        },
      });
    }
    return send(upstream.all().length);
  };
}

/**
 * Splits a request's target, which may be an absolute URL (RFC 9112, 3.2.2).
 *
 * @throws Problem `route-not-found` for a path that a parser of URLs would make another of, which isn't the one that was
 *   routed
 */
function parse(target: string): { path: string; query: string } {
  const [path, ...rest] = target.replace(/^https?:\/\/[^/]*/i, '').split('?') as [string, ...string[]];
  if (/[\\#]|\/(\.|%2e){1,2}(\/|$)/i.test(path)) throw problem('route-not-found');
  return { path, query: rest.join('?') };
}

/** Headers that are about one connection, not the request or answer (RFC 9110, 7.6.1), and what undici refuses to send. */
const ofConnection = ['connection', 'keep-alive', 'proxy-connection', 'te', 'upgrade', 'expect'];

function without<Headers extends object>(names: readonly string[], headers: Headers): Headers {
  for (const name of names) delete (headers as Record<string, unknown>)[name];
  return headers;
}

function bodyOf({ body, headers }: FastifyRequest): { body: Buffer; contentType: string } | undefined {
  if (!Buffer.isBuffer(body)) return undefined;
  return { body, contentType: headers['content-type'] ?? 'application/octet-stream' };
}

/** undici's refusals of a header or path: no instance was asked, and none is to blame. */
const requestAtFault = new Set(['UND_ERR_INVALID_ARG', 'UND_ERR_NOT_SUPPORTED']);
const neverSent = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);
const connectionLost = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/**
 * Whether another instance may be asked: the request didn't reach the one that died, or reaching both does no more than
 * reaching one (RFC 9110, 9.2.2, and whatever carries an Idempotency-Key). In all other cases only the client knows.
 */
function mayBeSentAgain(
  { method, headers }: Pick<FastifyRequest, 'method' | 'headers'>,
  error: Error,
): boolean {
  const code = codeOf(error);
  if (code === undefined) return false;
  if (neverSent.has(code)) return true;
  const idempotent = method === 'GET' || method === 'DELETE' || headers['idempotency-key'] !== undefined;
  return idempotent && connectionLost.has(code);
}

const codeOf = (error: Error): string | undefined => ((error.cause ?? error) as NodeJS.ErrnoException).code;
