import type { LetterGroup, LetterStatus } from '@holdfast/ops-client/types';
import { Command, Option } from 'commander';
import { listOption, wholeNumber } from '../arguments.ts';
import { action, type Context } from '../command.ts';
import { columns } from '../output/columns.ts';
import { collect } from '../output/pages.ts';
import { ago, count, short } from '../output/text.ts';
import { type FilterOptions, filterOf, statuses, withFilter } from './selection.ts';

type Options = FilterOptions & { by: 'error' | 'topic' | 'age'; status?: LetterStatus[]; limit: number };

/** `holdfast dlq ls`. */
export const listCommand = (): Command =>
  withFilter(
    new Command('ls')
      .description('Groups of the same error; or by topic; or letter by letter, the oldest first')
      .addOption(new Option('--by <what>').choices(['error', 'topic', 'age']).default('error')),
  )
    .addOption(listOption('--status <status>', 'only these; OPEN unless told', statuses))
    .option('--limit <n>', 'at most so many letters', wholeNumber, 50)
    .action(
      action(async (context, options: Options) => {
        await (options.by === 'age' ? listByAge(context, options) : listGroups(context, options));
        return 0;
      }),
    );

async function listGroups({ api, json, say }: Context, { by, status, ...filter }: Options): Promise<void> {
  const groups = await api.listLetterGroups({ ...filterOf(filter), status });
  if (json) say(JSON.stringify(groups));
  else if (groups.total === 0) say('No dead letters.');
  else {
    for (const line of by === 'topic' ? byTopic(groups.items) : byError(groups.items)) say(line);
    say(`${count(groups.total, 'letter')}. One group: npx holdfast dlq ls --by age --group <group>`);
  }
}

const byError = (groups: readonly LetterGroup[]): string[] =>
  columns(
    ['group', 'letters', 'topic', 'newest', 'oldest', 'error'],
    groups.map((group) => [
      group.errorGroup,
      String(group.count),
      group.topic,
      `${ago(group.newest)} ago`,
      `${ago(group.oldest)} ago`,
      short(`${group.error.class}: ${group.error.message}`, 90),
    ]),
  );

function byTopic(groups: readonly LetterGroup[]): string[] {
  const topics = [...new Set(groups.map(({ topic }) => topic))].sort();
  return columns(
    ['topic', 'letters', 'errors', 'oldest'],
    topics.map((topic) => {
      const own = groups.filter((group) => group.topic === topic);
      const letters = own.reduce((sum, group) => sum + group.count, 0);
      const oldest = own.map((group) => group.oldest).sort()[0] as string;
      return [topic, String(letters), String(own.length), `${ago(oldest)} ago`];
    }),
  );
}

async function listByAge({ api, json, say, paint }: Context, options: Options): Promise<void> {
  const { limit, status, by: _, ...filter } = options;
  const { items, more } = await collect(limit, (page) =>
    api.listLetters({ ...filterOf(filter), status, order: 'oldest', ...page }),
  );
  if (json) say(JSON.stringify({ items, more }));
  else if (items.length === 0) say('No dead letters.');
  else {
    for (const line of columns(
      ['letter', 'status', 'failed', 'topic', 'type', 'replays', 'saga', 'error'],
      items.map((letter) => [
        String(letter.letterId),
        letter.status,
        `${ago(letter.lastFailure)} ago`,
        letter.topic,
        letter.type ?? '',
        String(letter.replays),
        letter.sagaId ?? '',
        short(`${letter.error.class}: ${letter.error.message}`, 60),
      ]),
    ))
      say(line);
    if (more) say(paint.dim(`There are more: --limit ${limit * 10}`));
  }
}
