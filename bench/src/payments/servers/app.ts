import Fastify, { type FastifyInstance } from 'fastify';
import { hashOf } from '../prepare.ts';
import { isRefusal, type Pay, type Reserve } from './steps.ts';

/** What the servers that Holdfast is compared with have in common. */

export type Environment = { port: number; databaseUrl: string };

export function environment(): Environment {
  const { PORT, POSTGRES_URL } = process.env;
  if (!PORT || !POSTGRES_URL) throw new Error('PORT and POSTGRES_URL have to be set');
  return { port: Number(PORT), databaseUrl: POSTGRES_URL };
}

/** Nobody is left to work for once the bench has ended, however it has. */
export function endWithParent(): void {
  process.on('disconnect', () => process.exit());
  process.on('SIGTERM', () => process.exit());
}

export type Job = { pay: (pay: Pay) => Promise<void>; reserve: (reserve: Reserve) => Promise<void> };

type Body = { sagaId: string; userId: string; queueToken: string };

export type PayBody = Body & { reservationId: string; fails: boolean };
export type ReserveBody = Body & { concertSeatId: string };

/** The token is kept as its hash, here as there. */
export function hashed<B extends Body>({
  queueToken,
  ...rest
}: B): Omit<B, 'queueToken'> & { tokenHash: string } {
  return { ...rest, tokenHash: hashOf(queueToken) };
}

/** The job over HTTP. */
export async function serve({ port }: Environment, { pay, reserve }: Job): Promise<void> {
  const app: FastifyInstance = Fastify();
  app.setErrorHandler(async (error, _request, reply) => {
    if (isRefusal(error)) return reply.code(409).send({ code: (error as Error).message });
    console.error(error);
    return reply.code(500).send({ code: 'internal' });
  });
  const uuid = { type: 'string', format: 'uuid' };
  const bodyOf = (own: Record<string, object>): object => {
    const properties = { sagaId: uuid, userId: uuid, queueToken: { type: 'string' }, ...own };
    return { body: { type: 'object', properties, required: Object.keys(properties) } };
  };
  app.post<{ Body: PayBody }>(
    '/payments',
    { schema: bodyOf({ reservationId: uuid, fails: { type: 'boolean' } }) },
    async ({ body }, reply) => {
      await pay(hashed(body));
      return reply
        .code(201)
        .send({ paymentId: body.sagaId, reservationId: body.reservationId, status: 'COMPLETED' });
    },
  );
  app.post<{ Body: ReserveBody }>(
    '/reservations',
    { schema: bodyOf({ concertSeatId: uuid }) },
    async ({ body }, reply) => {
      await reserve(hashed(body));
      return reply.code(201).send({ reservationId: body.sagaId, status: 'TEMPORARY_HOLD' });
    },
  );
  app.get('/health', async () => ({}));
  await app.listen({ host: '127.0.0.1', port });
}
