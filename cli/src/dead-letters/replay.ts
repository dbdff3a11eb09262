import { setTimeout as sleep } from 'node:timers/promises';
import type { Preview, Replay } from '@holdfast/ops-client/types';
import { SingleBar } from 'cli-progress';
import { Argument, Command } from 'commander';
import { wholeNumber, wholeNumbers } from '../arguments.ts';
import { action, type Context } from '../command.ts';
import { columns } from '../output/columns.ts';
import { confirm } from '../output/confirm.ts';
import { count } from '../output/text.ts';
import { type FilterOptions, selectionOf, withFilter } from './selection.ts';

type Options = FilterOptions & {
  dryRun?: boolean;
  rate?: number;
  stopAfter?: number;
  reason?: string;
  wait: boolean;
  yes?: boolean;
};

/** `holdfast dlq replay`. The replay itself is the system's: it goes on when this command is interrupted. */
export const replayCommand = (): Command =>
  withFilter(
    new Command('replay')
      .description('Sends letters to their topics again: these, a group, a topic, a time range')
      .addArgument(new Argument('[letters...]', 'their numbers').argParser(wholeNumbers)),
  )
    .option('--dry-run', 'only say what it would do')
    .option('--rate <n>', 'letters a second (100)', wholeNumber)
    .option('--stop-after <n>', 'stop once so many have failed again (5)', wholeNumber)
    .option('--reason <text>', 'why; the audit keeps it')
    .option('--no-wait', 'start it, and leave it to itself')
    .option('-y, --yes', 'without a question')
    .action(
      action(async (context, letterIds: number[] | undefined, options: Options) => {
        const { api, json, say } = context;
        const select = selectionOf(letterIds ?? [], options);
        const preview = await api.previewReplay(select);
        if (options.dryRun && json) say(JSON.stringify(preview));
        if (!json) for (const line of describe(preview)) say(line);
        if (options.dryRun || preview.total === 0) return 0;

        await confirm(`Send ${count(preview.total, 'letter')} again?`, options.yes ?? false, context);
        const { rate, stopAfter, reason } = options;
        const started = await api.startReplay({ select, rate, stopAfter, reason });
        const replay = options.wait ? await follow(started, context) : started;
        if (json) say(JSON.stringify(replay));
        else say(summary(replay));
        return replay.status === 'STOPPED' || replay.failedAgain > 0 ? 1 : 0;
      }),
    );

function describe({ total, examined, skipped, verdicts, examples }: Preview): string[] {
  return [
    ...columns(
      ['letters', 'verdict', 'for instance'],
      Object.entries(verdicts).map(([verdict, n]) => {
        const example = examples.find((one) => one.verdict === verdict);
        return [String(n), verdict, example ? `${example.letterId}: ${example.explanation}` : ''];
      }),
    ),
    ...(examined < total ? [`Only the first ${examined} of ${total} were looked at.`] : []),
    ...(skipped > 0
      ? [`${count(skipped, 'letter is', 'letters are')} left out: dealt with, or replayed too often.`]
      : []),
  ];
}

/** Shows how far it is until all is sent, and a moment more: what fails again does so soon. */
async function follow(started: Replay, { api, json }: Context): Promise<Replay> {
  const bar = new SingleBar({
    format: 'Replay {bar} {value}/{total}, {failedAgain} failed again',
    barsize: 30,
    noTTYOutput: !json,
    notTTYSchedule: 5_000,
  });
  let replay = started;
  if (!json) bar.start(replay.total, 0, { failedAgain: 0 });
  try {
    while (replay.status === 'RUNNING') {
      await sleep(500);
      replay = await api.getReplay(replay.replayId);
      if (!json) bar.update(replay.sent, { failedAgain: replay.failedAgain });
    }
    await sleep(settleMs);
    return await api.getReplay(replay.replayId);
  } finally {
    bar.stop();
  }
}

const settleMs = 3_000;

function summary({ replayId, status, sent, total, failedAgain, stoppedBecause }: Replay): string {
  const how = status === 'RUNNING' ? 'is under way' : status === 'DONE' ? 'is done' : 'was stopped';
  return [
    `Replay ${replayId} ${how}: ${sent} of ${count(total, 'letter')} sent, ${failedAgain} failed again.`,
    ...(stoppedBecause ? [stoppedBecause] : []),
  ].join(' ');
}
