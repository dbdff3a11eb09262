import type { FastifyBaseLogger } from 'fastify';
import Type from 'typebox';
import type { App } from './app.ts';
import { problem, problemResponses } from './problems.ts';

/** By the name of what a service needs: resolves if it answers. */
export type Checks = Readonly<Record<string, () => Promise<void>>>;

const checkTimeoutMs = 2_000;
/** However many probes ask, what they ask about is asked this often at most. */
const cacheMs = 250;

const Results = Type.Record(Type.String(), Type.Enum(['ok', 'failed']));
type Results = Type.Static<typeof Results>;

/** `/health/live`: the process answers. `/health/ready`: whatever it needs answers as well, and it isn't stopping. */
export function healthRoutes(app: App, checks: Checks): void {
  const results = cached(() => runChecks(checks, app.log));

  app.get('/health/live', {
    logLevel: 'warn',
    config: { limited: false },
    schema: {
      tags: ['health'],
      summary: 'Whether the process is alive',
      response: { 200: Type.Object({ status: Type.Literal('alive') }) },
    },
    handler: async () => ({ status: 'alive' as const }),
  });

  app.get('/health/ready', {
    logLevel: 'warn',
    config: { limited: false },
    schema: {
      tags: ['health'],
      summary: 'Whether the service and all that it needs are ready',
      response: {
        200: Type.Object({ status: Type.Literal('ready'), checks: Results }),
        ...problemResponses('unavailable'),
      },
    },
    handler: async () => {
      if (app.stopping) throw problem('unavailable', 'Stopping.', { retryAfter: 1 });
      const checks = await results();
      const failed = Object.keys(checks).filter((name) => checks[name] === 'failed');
      if (failed.length === 0) return { status: 'ready' as const, checks };
      throw problem('unavailable', `Not ready: ${failed.join(', ')}.`, { retryAfter: 1, extra: { checks } });
    },
  });
}

async function runChecks(checks: Checks, log: FastifyBaseLogger): Promise<Results> {
  const results = Object.entries(checks).map(async ([name, check]) => {
    try {
      await withTimeout(check);
      return [name, 'ok'] as const;
    } catch (error) {
      log.warn({ err: error }, `${name} is not ready`);
      return [name, 'failed'] as const;
    }
  });
  return Object.fromEntries(await Promise.all(results));
}

async function withTimeout(check: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${checkTimeoutMs} ms`)), checkTimeoutMs);
  });
  await Promise.race([check(), timeout]).finally(() => clearTimeout(timer));
}

/** Shares a result among all who ask while it is being made and for {@link cacheMs} afterwards. */
function cached<Result>(make: () => Promise<Result>): () => Promise<Result> {
  let current: Promise<Result> | undefined;
  return () => {
    current ??= make().finally(() => {
      setTimeout(() => {
        current = undefined;
      }, cacheMs).unref();
    });
    return current;
  };
}
