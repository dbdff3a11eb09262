import type { Knex } from 'knex';
import {
  type Closure,
  ClosureAnswer,
  ClosureRequest,
  type Commands,
  type CommandVerdict,
  Condition,
  type Effect,
  operationPaths,
  VerdictAnswer,
  VerdictRequest,
} from '../contracts/operations.ts';
import { inTransaction, query, runAll } from '../database/query.ts';
import type { App } from '../http/app.ts';
import { problemResponses } from '../http/problems.ts';
import { requireOperator, requireViewer } from '../http/roles.ts';
import { closeSteps, closureIds } from './close.ts';
import { isOutdated } from './decide.ts';
import { inboxRows, isInboxConflict, readInbox } from './inbox.ts';

const tags = ['operations'];
const problems = problemResponses('validation', 'unauthenticated', 'forbidden', 'unavailable');

/** What the orchestrator asks for its operators. The gateway doesn't lead here. */
export function operationRoutes(app: App, { db }: { db: Knex }): void {
  app.post(operationPaths.verdicts, {
    onRequest: [app.authenticate, requireViewer],
    schema: {
      tags,
      summary: 'What would become of commands that came now',
      body: VerdictRequest,
      response: { 200: VerdictAnswer, ...problems },
    },
    handler: async ({ body }) => ({ verdicts: await verdictsOn(db, body.commands) }),
  });

  app.post(operationPaths.closures, {
    onRequest: [app.authenticate, requireOperator],
    schema: {
      tags,
      summary: 'Close steps of a saga that an operator settles by hand',
      body: ClosureRequest,
      response: { 200: ClosureAnswer, ...problems },
    },
    handler: async ({ body }) => {
      const closure = { ...body, sagaId: body.sagaId.toLowerCase() };
      try {
        return { effects: await close(db, closure) };
      } catch (error) {
        // The compensation was processed in this very moment: now its row is there to be seen.
        if (!isInboxConflict(error)) throw error;
        return { effects: await close(db, closure) };
      }
    },
  });

  app.get(operationPaths.condition, {
    onRequest: [app.authenticate, requireViewer],
    schema: {
      tags,
      summary: "The outbox, the inbox's floor and the clocks",
      response: { 200: Condition, ...problems },
    },
    handler: () => conditionOf(db),
  });
}

const verdictsOn = (db: Knex, commands: Commands): Promise<CommandVerdict[]> =>
  inTransaction(db, async (tx) => {
    const { inbox, floor } = await readInbox(
      tx,
      commands.map(({ id }) => id),
    );
    return commands.map((command) => {
      if (isOutdated(command, floor)) return 'below-floor';
      const stored = inbox.get(command.id);
      return stored === undefined ? 'will-run' : stored === null ? 'cancelled-since' : 'already-done';
    });
  });

const close = (db: Knex, closure: Closure): Promise<Effect[]> =>
  inTransaction(db, async (tx) => {
    const { inbox } = await readInbox(tx, closureIds(closure));
    const { effects, rows } = closeSteps(inbox, closure);
    await runAll(tx, inboxRows(rows));
    return effects;
  });

async function conditionOf(db: Knex): Promise<Condition> {
  const [row] = await query<{ now: Date; waiting: number; oldest: Date | null; floor: number }>(
    db,
    `select clock_timestamp() as now, floor, (select count(*) from outbox) as waiting,
            (select min(created_at) from outbox) as oldest
     from inbox_floor`,
  );
  const { now, waiting, oldest, floor } = row as NonNullable<typeof row>;
  return {
    now: new Date().toISOString(),
    databaseNow: now.toISOString(),
    outbox: { waiting, oldestMs: oldest ? Math.max(now.getTime() - oldest.getTime(), 0) : 0 },
    floor,
  };
}
