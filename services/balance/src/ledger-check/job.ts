import { every } from '@holdfast/shared/process/every';
import type { Knex } from 'knex';
import { beginIfDue, goOn } from './check.ts';

type Log = Parameters<typeof every>[3];
type Job = ReturnType<typeof every>;

/** How often an instance looks whether there is something to check, in ms. */
const lookEveryMs = 2_000;

/** Compares the balances with the ledger every so many ms, wherever they were left, and says what comes of it. */
export function checkRegularly(db: Knex, everyMs: number, log: Log): Job {
  let stopping = false;

  async function checkWhatIsDue(): Promise<void> {
    await beginIfDue(db, everyMs);
    while (!stopping) {
      const check = await goOn(db);
      if (check === 'nothing') return;
      if (check === 'more') continue;
      if (check.unbalanced > 0) log.error({ check }, 'the ledger does not sum up');
      else log.info({ check }, 'the ledger sums up');
      return;
    }
  }

  const job = every(Math.min(everyMs, lookEveryMs), 'ledger check', checkWhatIsDue, log);
  return {
    stop: async () => {
      stopping = true;
      await job.stop();
    },
  };
}
