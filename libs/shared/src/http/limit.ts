import type { FastifyInstance } from 'fastify';
import { type Problem, problem } from './problems.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** It takes one of the places of {@link limitInFlight}. */
    placed: boolean;
  }
}

export const overloaded = (): Problem =>
  problem('overloaded', 'More is under way than can be carried.', { retryAfter: 1 });

/**
 * Refuses requests at once while `max` of them are under way: more would wait for the same connections to the database,
 * each longer than the one before, until nobody waits for the answers any longer. A request is under way until it is
 * answered, also when its client has gone.
 */
export function limitInFlight(app: FastifyInstance, max: number): void {
  let underWay = 0;
  app.decorateRequest('placed', false);
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.config.limited === false) return;
    if (underWay >= max) throw overloaded();
    underWay++;
    request.placed = true;
  });
  app.addHook('onSend', async (request) => {
    if (!request.placed) return;
    underWay--;
    request.placed = false;
  });
}
