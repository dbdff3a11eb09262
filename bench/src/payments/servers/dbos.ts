import { DBOS } from '@dbos-inc/dbos-sdk';
import pg from 'pg';
import { endWithParent, environment, serve } from './app.ts';
import * as steps from './steps.ts';

/**
 * The job as a DBOS workflow. A step is a single statement that may be repeated, run by `DBOS.runStep`: a datasource's
 * transaction would cost a table more and three round trips, and the engine's own checkpoint is committed apart either way.
 */

endWithParent();
const env = environment();
const pool = new pg.Pool({ connectionString: env.databaseUrl, max: 16 });

function step<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  return DBOS.runStep(work, {
    name,
    // A connection that is lost, not a refusal.
    retriesAllowed: true,
    maxAttempts: 10,
    intervalSeconds: 0.1,
    shouldRetry: (error) => !steps.isRefusal(error),
  });
}

async function pay(asked: steps.Pay): Promise<void> {
  const undo: [string, () => Promise<void>][] = [];
  try {
    undo.unshift(['release-token', () => steps.releaseToken(pool, asked)]);
    await step('verify-token', () => steps.verifyToken(pool, asked));
    undo.unshift(['unmark-reservation', () => steps.unmarkReservation(pool, asked)]);
    const price = await step('load-reservation', () => steps.loadReservation(pool, asked));
    await step('load-balance', () => steps.loadBalance(pool, asked, price));
    undo.unshift(['refund-balance', () => steps.refundBalance(pool, asked)]);
    await step('deduct-balance', () => steps.deductBalance(pool, asked, price));
    undo.unshift(['cancel-payment', () => steps.cancelPayment(pool, asked)]);
    await step('create-payment', () => steps.createPayment(pool, asked, price));
    await step('confirm-reservation', () => steps.confirmReservation(pool, asked));
  } catch (error) {
    for (const [name, work] of undo) await step(name, work);
    throw error;
  }
}

async function reserve(asked: steps.Reserve): Promise<void> {
  try {
    await step('verify-token', () => steps.verifyConcertToken(pool, asked));
    await step('load-seat', () => steps.loadSeat(pool, asked));
    await step('load-user', () => steps.loadUser(pool, asked));
    await step('create-reservation', () => steps.createReservation(pool, asked));
  } catch (error) {
    await step('release-token', () => steps.releaseToken(pool, asked));
    throw error;
  }
}

const workflows = {
  pay: DBOS.registerWorkflow(pay, { name: 'pay' }),
  reserve: DBOS.registerWorkflow(reserve, { name: 'reserve' }),
};

DBOS.setConfig({
  name: 'bench',
  systemDatabaseUrl: env.databaseUrl,
  systemDatabasePoolSize: 20,
  applicationVersion: '1',
  logLevel: 'warn',
});
await DBOS.launch();

// The workflow's id is the client's key: who asks again is given the result of the first time.
await serve(env, {
  pay: async (asked) => {
    const workflow = await DBOS.startWorkflow(workflows.pay, { workflowID: asked.sagaId })(asked);
    await workflow.getResult();
  },
  reserve: async (asked) => {
    const workflow = await DBOS.startWorkflow(workflows.reserve, { workflowID: asked.sagaId })(asked);
    await workflow.getResult();
  },
});
