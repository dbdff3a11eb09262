import type { System } from '@holdfast/launcher/system';
import pg from 'pg';
import { eventually } from '../support/eventually.ts';

const processes = (system: System) => [system.gateway, ...Object.values(system.services).flat()];

/** How often each process has died: on a busy machine some do before they are ready. */
export const deathsOf = (system: System): Map<string, number> =>
  new Map(processes(system).map(({ name, restarts }) => [name, restarts]));

/**
 * What requests of every shape have left behind, once it has come to rest.
 *
 * @returns how the sagas have ended, and what is wrong
 */
export async function aftermath(
  system: System,
  deathsBefore: ReadonlyMap<string, number>,
): Promise<{ sagas: string; wrong: string[] }> {
  const postgres = new pg.Client({ connectionString: system.adminPostgresUrl });
  await postgres.connect();
  try {
    await eventually(async () => {
      const { rows } = await postgres.query('select status from orchestrator.saga where not settled');
      if (rows.some(({ status }) => status !== 'PARKED'))
        throw new Error(`${rows.length} sagas haven't ended`);
    }, 60_000);
    const sagas = await postgres.query('select status, count(*) from orchestrator.saga group by status');
    const money = await postgres.query(`
      select coalesce((select sum(amount) from balance.ledger where kind = 'charge'), 0) as charged,
        coalesce((select sum(balance) from balance.account), 0)
          + coalesce((select sum(amount) from payment.payment where status = 'COMPLETED'), 0) as found`);
    const { charged, found } = money.rows[0];
    const dead = processes(system).filter(({ name, restarts }) => restarts !== deathsBefore.get(name));
    return {
      sagas: sagas.rows.map(({ status, count }) => `${count} ${status}`).join(', '),
      wrong: [
        ...dead.map(({ name }) => `${name} has died`),
        ...(sagas.rows.some(({ status }) => status === 'PARKED') ? ['a saga is parked'] : []),
        ...(charged === found ? [] : [`${charged} minor units were charged, and ${found} are there`]),
      ],
    };
  } finally {
    await postgres.end();
  }
}
