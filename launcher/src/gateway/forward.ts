import { problem } from '@holdfast/shared/http/problems';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServiceName } from '../service-names.ts';
import type { Upstreams } from './upstream.ts';

/** Sends a request on to `path` of one of the service's instances. */
export type Forward = (service: ServiceName, path: string, reply: FastifyReply) => FastifyReply;

export function forwarder(upstreams: Upstreams): Forward {
  return (service, path, reply) => {
    const upstream = upstreams[service];

    function send(instancesLeft: number): FastifyReply {
      const url = upstream.next();
      return reply.from(url + path, {
        ...bodyOf(reply.request),
        // The library's own would ask the same instance again.
        retryDelay: () => null,
        onError(reply, { error }) {
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

function bodyOf({ body, headers }: FastifyRequest): { body: Buffer; contentType: string } | undefined {
  if (!Buffer.isBuffer(body)) return undefined;
  return { body, contentType: headers['content-type'] ?? 'application/octet-stream' };
}

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
  const { code } = (error.cause ?? error) as NodeJS.ErrnoException;
  if (code === undefined) return false;
  if (neverSent.has(code)) return true;
  const idempotent = method === 'GET' || method === 'DELETE' || headers['idempotency-key'] !== undefined;
  return idempotent && connectionLost.has(code);
}
