import { problem } from '@holdfast/shared/http/problems';
import type { FastifyReply } from 'fastify';
import type { ServiceName } from '../service-names.ts';
import type { Upstreams } from './upstream.ts';

/** Sends a request on to `path` of one of the service's instances. */
export type Forward = (service: ServiceName, path: string, reply: FastifyReply) => FastifyReply;

export function forwarder(upstreams: Upstreams): Forward {
  return (service, path, reply) => {
    const upstream = upstreams[service];
    const url = upstream.next();
    return reply.from(url + path, {
      // The client decides whether to try again: only it knows whether that is safe.
      retryDelay: () => null,
      onError(reply, { error }) {
        reply.log.warn({ err: error, url }, `${service} did not answer`);
        upstream.leaveOut(url);
        reply.send(problem('unavailable', `The ${service} service does not answer.`, { retryAfter: 1 }));
      },
    });
  };
}
