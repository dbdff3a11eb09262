import type { TestSystem } from './system.ts';

/**
 * A bug in the balance service, for one user: what would write such a line of their ledger fails, each time, until it is
 * mended.
 */
export async function bugInLedger(
  system: Pick<TestSystem, 'sql'>,
  userId: string,
  kind: 'deduct' | 'refund',
): Promise<{ mend: () => Promise<void> }> {
  const name = `bug_${kind}_${userId.replaceAll('-', '')}`;
  await system.sql(`
    -- Two at once that replace the function would be one too many.
    select pg_advisory_xact_lock(hashtext('balance.bug'));
    create or replace function balance.bug() returns trigger language plpgsql as
      $$ begin raise exception 'a bug in the ledger'; end $$;
    create trigger ${name} before insert on balance.ledger for each row
      when (new.user_id = '${userId}' and new.kind = '${kind}') execute function balance.bug()`);
  return {
    mend: async () => {
      await system.sql(`drop trigger ${name} on balance.ledger`);
    },
  };
}
