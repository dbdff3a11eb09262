import type { ErrorObject } from 'ajv';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { isPassing } from '../database/faults.ts';
import { Problem, type ProblemCode, problem, problemBody, problemMediaType } from './problems.ts';
import { validationProblem } from './validation.ts';

/** Answers with the problem that an error amounts to (RFC 9457). What nobody expected is logged, and not shown. */
export async function sendError(error: FastifyError | Problem, request: FastifyRequest, reply: FastifyReply) {
  const problem = problemOf(error);
  if (problem.code === 'internal') request.log.error({ err: error }, 'request failed');
  else if (problem !== error && problem.status >= 500)
    request.log.warn({ err: error }, 'request failed for now');

  // RFC 6750, section 3: a 401 without it isn't valid.
  if (problem.code === 'unauthenticated') reply.header('www-authenticate', 'Bearer');
  if (problem.retryAfter !== undefined) reply.header('retry-after', problem.retryAfter);
  // With a serializer of its own, fastify adds no charset, which the media type doesn't have.
  reply.serializer(JSON.stringify).type(problemMediaType);
  await reply.code(problem.status).send(problemBody(problem));
}

function problemOf(error: FastifyError | Problem): Problem {
  if (error instanceof Problem) return error;
  if (error.validation) {
    return validationProblem(error.validationContext ?? 'body', error.validation as ErrorObject[]);
  }
  const { statusCode = 500 } = error;
  if (statusCode >= 400 && statusCode < 500)
    // Fastify's messages quote the URL, of any length.
    return problem(codeOf(statusCode), error.message.slice(0, 200));
  if (isPassing(error)) return problem('unavailable', undefined, { retryAfter: 1 });
  return problem('internal');
}

/** Fastify's own refusals: bad JSON, a body too large, a path that can't be decoded or is too long. */
function codeOf(statusCode: number): ProblemCode {
  switch (statusCode) {
    case 404:
    case 414:
      return 'route-not-found';
    case 413:
      return 'payload-too-large';
    case 415:
      return 'unsupported-media-type';
    default:
      return 'validation';
  }
}
