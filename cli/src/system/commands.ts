import type { Finding, HeldLock } from '@holdfast/ops-client/types';
import { Command } from 'commander';
import { wholeNumber } from '../arguments.ts';
import { action, type Context } from '../command.ts';
import { columns } from '../output/columns.ts';
import { collect } from '../output/pages.ts';
import { ago, duration, short } from '../output/text.ts';

/** Commands about the system as a whole: `lock ls`, `audit ls`, `doctor`. */
export const systemCommands = (): Command[] => [
  new Command('lock')
    .description('Seats that are locked')
    .addCommand(
      new Command('ls')
        .description('Who holds what, since when; the oldest first')
        .option('--limit <n>', 'at most so many', wholeNumber, 100)
        .action(action(listLocks)),
    ),
  new Command('audit')
    .description('What operators have changed')
    .addCommand(
      new Command('ls')
        .description('Who changed what, when and why; the newest first')
        .option('--subject <subject>', 'such as saga/<id>, letter/<id>, replay/<id>')
        .option('--limit <n>', 'at most so many', wholeNumber, 50)
        .action(action(listAudit)),
    ),
  new Command('doctor')
    .description('Is everything reachable and as it should be? Exits with 1 where something failed')
    .action(action(examine)),
];

async function listLocks({ api, json, say, paint }: Context, { limit }: { limit: number }) {
  const { items, more } = await collect(limit, api.listLocks);
  if (json) say(JSON.stringify({ items, more }));
  else if (items.length === 0) say('No seat is locked.');
  else
    for (const line of columns(
      ['lock', 'since', 'saga', 'type', 'status', 'redis'],
      items.map((lock) => [
        lock.lockKey,
        `${ago(lock.since)} ago`,
        lock.sagaId,
        lock.sagaType ?? '',
        lock.sagaStatus === 'PARKED' ? paint.warn('PARKED') : (lock.sagaStatus ?? ''),
        redisState(lock),
      ]),
    ))
      say(line);
  return 0;
}

const redisState = ({ redis: { state, expiresInMs } }: HeldLock): string =>
  expiresInMs === undefined ? state : `${state}, ${duration(expiresInMs)} left`;

async function listAudit(
  { api, json, say, paint }: Context,
  { limit, subject }: { limit: number; subject?: string },
) {
  const { items, more } = await collect(limit, (page) => api.listAudit({ ...page, subject }));
  if (json) say(JSON.stringify({ items, more }));
  else if (items.length === 0) say('Nothing was changed.');
  else
    for (const line of columns(
      ['at', 'operator', 'action', 'subject', 'outcome', 'why'],
      items.map(({ at, operator, action, subject, outcome, reason = '' }) => [
        at,
        operator.name ?? operator.operatorId,
        action,
        subject,
        outcome === 'failed' ? paint.bad(outcome) : outcome,
        short(reason, 60),
      ]),
    ))
      say(line);
  return 0;
}

async function examine({ api, json, say, paint }: Context) {
  const { findings, status, at } = await api.examine();
  if (json) say(JSON.stringify({ at, status, findings }));
  else {
    const mark: Record<Finding['status'], string> = {
      ok: paint.good('✔ ok     '),
      warning: paint.warn('! warning'),
      failed: paint.bad('✖ failed '),
    };
    for (const { status, check, detail, advice } of findings) {
      say(`${mark[status]}  ${paint.bold(check)}: ${detail}`);
      if (advice && status !== 'ok') say(`             ${advice}`);
    }
  }
  return status === 'failed' ? 1 : 0;
}
