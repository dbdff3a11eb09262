import type { SagaStatus, SagaSummary } from '@holdfast/ops-client/types';
import { Command } from 'commander';
import { listOption, time, wholeNumber } from '../arguments.ts';
import { action, type Context } from '../command.ts';
import { columns } from '../output/columns.ts';
import { collect } from '../output/pages.ts';
import { ago, duration, money, short } from '../output/text.ts';
import { decisionCommand } from './decide.ts';
import { showSaga } from './show.ts';

const statuses = ['RUNNING', 'COMPENSATING', 'COMPLETED', 'COMPENSATED', 'PARKED', 'SETTLED'];

/** `holdfast saga …`. */
export const sagaCommands = (): Command =>
  new Command('saga')
    .description('Sagas: what they wait for, and what to do with one that is parked')
    .addCommand(
      new Command('ls')
        .description('The newest first')
        .addOption(listOption('--status <status>', 'only these', statuses))
        .option('--type <type>', 'reserve or pay')
        .option('--overdue', 'only those whose answer is late')
        .option('--before <time>', 'started before', time)
        .option('--user <userId>', "only this user's")
        .option('--seat <concertSeatId>', 'only those of this seat')
        .option('--limit <n>', 'at most so many', wholeNumber, 50)
        .action(action(listSagas)),
    )
    .addCommand(
      new Command('show')
        .description('Its steps and its timeline, message by message; what is at stake; what can be decided')
        .argument('<sagaId>')
        .action(action(showSaga)),
    )
    .addCommand(
      decisionCommand('retry', 'Sends again what is without an answer, with a new budget of attempts'),
    )
    .addCommand(
      decisionCommand(
        'compensate',
        'Gives a running step up and undoes everything; a parked saga compensates again',
      ),
    )
    .addCommand(decisionCommand('settle', 'Declares a parked saga settled by hand, and lets its seat go'));

type ListOptions = {
  status?: SagaStatus[];
  type?: string;
  overdue?: boolean;
  before?: string;
  user?: string;
  seat?: string;
  limit: number;
};

async function listSagas({ api, json, say, paint }: Context, options: ListOptions) {
  const { limit, before, user, seat, ...filter } = options;
  const { items, more } = await collect(limit, (page) =>
    api.listSagas({
      ...filter,
      startedBefore: before,
      userId: user,
      lockKey: seat && `seat:${seat}`,
      ...page,
    }),
  );
  if (json) say(JSON.stringify({ items, more }));
  else if (items.length === 0) say('No saga is like that.');
  else {
    for (const line of columns(
      ['saga', 'type', 'status', 'started', 'at stake', 'why'],
      items.map((saga) => [
        saga.sagaId,
        saga.type,
        saga.status === 'PARKED' ? paint.warn(saga.status) : saga.status,
        `${ago(saga.startedAt)} ago`,
        saga.atStake ? money(saga.atStake) : '',
        short(whyOf(saga), 80),
      ]),
    ))
      say(line);
    if (more) say(paint.dim(`There are more: --limit ${limit * 10}`));
  }
  return 0;
}

function whyOf({ parkedReason, overdueMs, waitingFor, failure }: SagaSummary): string {
  if (parkedReason) return parkedReason;
  if (overdueMs !== undefined) return `overdue for ${duration(overdueMs)}: ${waitingFor.join(', ')}`;
  if (waitingFor.length > 0) return `waits for ${waitingFor.join(', ')}`;
  return failure ? `${failure.type} (${failure.code})` : '';
}
