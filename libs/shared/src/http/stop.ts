import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    /** It has been told to stop. */
    stopping: boolean;
  }
}

/** Readies a server for {@link stopServing}; before its routes are made. */
export function prepareToStop(app: FastifyInstance): void {
  app.decorate('stopping', false);
  app.addHook('onSend', async (_request, reply) => {
    if (app.stopping) reply.header('connection', 'close');
  });
}

/** How long what is under way may take, once nothing new comes. */
const endWithinMs = 5_000;

/**
 * Stops a server so that no client notices. A connection that is closed may have a request on its way to it, and
 * nobody can say what became of that one. So it first goes on for `drainMs`, isn't ready any more and answers
 * everything with `Connection: close`, until whoever sends requests has seen it; then it closes the idle connections
 * and lets what is under way end.
 */
export async function stopServing(app: FastifyInstance, drainMs: number): Promise<void> {
  app.stopping = true;
  await sleep(drainMs);
  const lastResort = setTimeout(() => app.server.closeAllConnections(), endWithinMs);
  await app.close();
  clearTimeout(lastResort);
}
