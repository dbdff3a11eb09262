import { Argument, Command } from 'commander';
import { wholeNumbers } from '../arguments.ts';
import { action } from '../command.ts';
import { confirm } from '../output/confirm.ts';
import { count } from '../output/text.ts';
import { type FilterOptions, selectionOf, withFilter } from './selection.ts';

type Options = FilterOptions & { reason: string; yes?: boolean };

/** `holdfast dlq discard`. */
export const discardCommand = (): Command =>
  withFilter(
    new Command('discard')
      .description(
        'Gives letters up: they stay where they are, and nobody is asked to deal with them any more',
      )
      .addArgument(new Argument('[letters...]', 'their numbers').argParser(wholeNumbers)),
  )
    .requiredOption('--reason <text>', 'why; the audit keeps it')
    .option('-y, --yes', 'without a question')
    .action(
      action(async (context, letterIds: number[] | undefined, options: Options) => {
        const { api, json, say } = context;
        const select = selectionOf(letterIds ?? [], options);
        const { total } = await api.previewReplay(select);
        await confirm(`Discard ${count(total, 'letter')}?`, options.yes ?? false, context);
        const result = await api.discardLetters({ select, reason: options.reason });
        if (json) say(JSON.stringify(result));
        else say(`${count(result.discarded, 'letter')} discarded, ${result.skipped} left as they were.`);
        return 0;
      }),
    );
