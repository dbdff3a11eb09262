import { type Context, serve, service, TerminalError } from '@restatedev/restate-sdk';
import pg from 'pg';
import { endWithParent, environment, hashed, type PayBody, type ReserveBody } from './app.ts';
import * as steps from './steps.ts';

/** The job as Restate handlers, which its server calls; clients talk to that server. */

endWithParent();
const env = environment();

// The SDK wants Node 22's.
(Promise as { withResolvers?: unknown }).withResolvers ??= () => {
  const settle: Record<string, unknown> = {};
  const promise = new Promise((resolve, reject) => Object.assign(settle, { resolve, reject }));
  return { promise, ...settle };
};

const pool = new pg.Pool({ connectionString: env.databaseUrl, max: 16 });

/** A refusal ends the step and is told to the client; whatever else fails is tried again by the server. */
function step<Result>(ctx: Context, name: string, work: () => Promise<Result>): Promise<Result> {
  return ctx.run(name, async () => {
    try {
      return await work();
    } catch (error) {
      throw steps.isRefusal(error) ? new TerminalError((error as Error).message, { errorCode: 409 }) : error;
    }
  });
}

async function pay(ctx: Context, body: PayBody): Promise<{ paymentId: string }> {
  const asked = hashed(body);
  const undo: [string, () => Promise<void>][] = [];
  try {
    undo.unshift(['release-token', () => steps.releaseToken(pool, asked)]);
    await step(ctx, 'verify-token', () => steps.verifyToken(pool, asked));
    undo.unshift(['unmark-reservation', () => steps.unmarkReservation(pool, asked)]);
    const price = await step(ctx, 'load-reservation', () => steps.loadReservation(pool, asked));
    await step(ctx, 'load-balance', () => steps.loadBalance(pool, asked, price));
    undo.unshift(['refund-balance', () => steps.refundBalance(pool, asked)]);
    await step(ctx, 'deduct-balance', () => steps.deductBalance(pool, asked, price));
    undo.unshift(['cancel-payment', () => steps.cancelPayment(pool, asked)]);
    await step(ctx, 'create-payment', () => steps.createPayment(pool, asked, price));
    await step(ctx, 'confirm-reservation', () => steps.confirmReservation(pool, asked));
  } catch (error) {
    if (error instanceof TerminalError) for (const [name, work] of undo) await step(ctx, name, work);
    throw error;
  }
  return { paymentId: asked.sagaId };
}

async function reserve(ctx: Context, body: ReserveBody): Promise<{ reservationId: string }> {
  const asked = hashed(body);
  try {
    await step(ctx, 'verify-token', () => steps.verifyConcertToken(pool, asked));
    await step(ctx, 'load-seat', () => steps.loadSeat(pool, asked));
    await step(ctx, 'load-user', () => steps.loadUser(pool, asked));
    await step(ctx, 'create-reservation', () => steps.createReservation(pool, asked));
  } catch (error) {
    if (error instanceof TerminalError)
      await step(ctx, 'release-token', () => steps.releaseToken(pool, asked));
    throw error;
  }
  return { reservationId: asked.sagaId };
}

// Refusals are business as usual here: they aren't worth a line each.
await serve({
  services: [service({ name: 'tickets', handlers: { pay, reserve } })],
  port: env.port,
  logger: (meta, message, ...rest) => {
    if (meta.level === 'error') console.error(message, ...rest);
  },
});
