import pg from 'pg';
import { endWithParent, environment, serve } from './app.ts';
import * as steps from './steps.ts';

/** The whole job as one transaction: the least that anybody could do, where one database is all there is. */

endWithParent();
const env = environment();
// More than Postgres has cores to serve, so that a commit that waits for the disk holds nobody up.
const pool = new pg.Pool({ connectionString: env.databaseUrl, max: 16 });

async function inTransaction(work: (tx: pg.PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await work(client);
    await client.query('commit');
    client.release();
  } catch (error) {
    await client.query('rollback').then(
      () => client.release(),
      () => client.release(true),
    );
    throw error;
  }
}

/** A request that comes again finds what the first has made. */
const isDone = async (table: string, column: string, id: string): Promise<boolean> =>
  (await pool.query(`select from ${table} where ${column} = $1`, [id])).rowCount === 1;

async function once(work: () => Promise<void>, done: () => Promise<boolean>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!steps.isRefusal(error) || !(await done())) throw error;
  }
}

await serve(env, {
  pay: (pay) =>
    once(
      () =>
        inTransaction(async (tx) => {
          await steps.verifyToken(tx, pay);
          const price = await steps.loadReservation(tx, pay);
          await steps.loadBalance(tx, pay, price);
          await steps.deductBalance(tx, pay, price);
          await steps.createPayment(tx, pay, price);
          await steps.confirmReservation(tx, pay);
        }),
      () => isDone('payment.payment', 'payment_id', pay.sagaId),
    ),
  reserve: (reserve) =>
    once(
      () =>
        inTransaction(async (tx) => {
          await steps.verifyConcertToken(tx, reserve);
          await steps.loadSeat(tx, reserve);
          await steps.loadUser(tx, reserve);
          await steps.createReservation(tx, reserve);
        }),
      () => isDone('reservation.reservation', 'reservation_id', reserve.sagaId),
    ),
});
