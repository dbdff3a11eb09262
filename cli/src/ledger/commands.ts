import { setTimeout as sleep } from 'node:timers/promises';
import type { LedgerCheck } from '@holdfast/ops-client/types';
import { Command } from 'commander';
import { action, type Context } from '../command.ts';
import { columns } from '../output/columns.ts';
import { ago, count } from '../output/text.ts';

/** `holdfast ledger …`: whether the balances are what the ledger makes them. */
export const ledgerCommands = (): Command =>
  new Command('ledger')
    .description('The ledger: does it sum up?')
    .addCommand(
      new Command('ls')
        .description('The last checks, the newest first, and whose balance is off by the newest')
        .action(action(list)),
    )
    .addCommand(
      new Command('check')
        .description('Checks it now. Exits with 1 where it does not sum up')
        .option('--full', 'every entry there is, also those that were found in order before')
        .action(action(check)),
    );

async function list({ api, json, say, paint }: Context) {
  const found = await api.ledgerChecks();
  if (json) say(JSON.stringify(found));
  else if (found.checks.length === 0) say('It has not been checked yet.');
  else {
    for (const line of columns(
      ['check', 'begun', 'state', 'accounts', 'entries', 'unbalanced'],
      found.checks.map((one) => [
        `${one.checkId}${one.full ? ' (full)' : ''}`,
        `${ago(one.startedAt)} ago`,
        one.endedAt === undefined ? 'under way' : 'ended',
        String(one.accounts),
        String(one.entries),
        one.unbalanced > 0 ? paint.bad(String(one.unbalanced)) : '0',
      ]),
    ))
      say(line);
    if (found.overdue) say(paint.warn('The next is overdue.'));
    const last = found.checks.find(({ endedAt }) => endedAt !== undefined);
    for (const line of last ? findings(last) : []) say(line);
  }
  return 0;
}

async function check({ api, json, say }: Context, { full }: { full?: boolean }) {
  const begun = (await api.beginLedgerCheck({ full })).checks[0] as LedgerCheck;
  let now: LedgerCheck | undefined = begun;
  while (now?.endedAt === undefined) {
    await sleep(500);
    now = (await api.ledgerChecks()).checks.find(({ checkId }) => checkId >= begun.checkId);
  }
  if (json) say(JSON.stringify(now));
  else {
    say(
      now.unbalanced === 0
        ? `It sums up: ${count(now.accounts, 'account')}, ${count(now.entries, 'new entry', 'new entries')}.`
        : `It does not sum up: ${now.unbalanced} of ${count(now.accounts, 'account')}.`,
    );
    for (const line of now.unbalanced > 0 ? findings(now) : totals(now)) say(line);
  }
  return now.unbalanced > 0 ? 1 : 0;
}

const totals = (found: LedgerCheck): string[] =>
  columns(
    ['currency', 'account', 'holds (minor units)'],
    found.totals.map(({ currency, account, balance }) => [currency, account, balance]),
  );

const findings = ({ findings }: LedgerCheck): string[] =>
  findings.length === 0
    ? []
    : columns(
        ['user', 'balance off by', 'entries off by', 'chain'],
        findings.map((one) => [
          one.userId,
          String(one.balanceOff),
          String(one.entriesOff),
          one.chained ? 'in order' : 'broken',
        ]),
      );
