import type { LetterFilter } from '@holdfast/ops-client/client';
import type { LetterSelection } from '@holdfast/ops-client/types';
import type { Command } from 'commander';
import { time } from '../arguments.ts';
import { Refusal } from '../command.ts';

/** Which letters are meant: these, or all that fit the options. */

export const statuses = ['OPEN', 'QUEUED', 'REPLAYED', 'EDITED', 'FAILED_AGAIN', 'DISCARDED'];

export type FilterOptions = {
  topic?: string;
  group?: string;
  consumer?: string;
  type?: string;
  saga?: string;
  since?: string;
  until?: string;
};

export const withFilter = (command: Command): Command =>
  command
    .option('--topic <topic>', 'of this topic, such as balance.commands')
    .option('--group <id>', 'with this error, as `dlq ls` names it')
    .option('--consumer <group>', 'given up by this consumer group')
    .option('--type <type>', 'of this type, such as balance.deduct')
    .option('--saga <sagaId>', 'of this saga')
    .option('--since <time>', 'failed at or after: a time, or 90s, 30m, 2h, 1d ago', time)
    .option('--until <time>', 'failed before', time);

export const filterOf = (options: FilterOptions): LetterFilter => ({
  topic: options.topic,
  errorGroup: options.group,
  consumerGroup: options.consumer,
  type: options.type,
  sagaId: options.saga,
  since: options.since,
  until: options.until,
});

/** @throws Refusal where nothing says which: all letters at once is nothing to do by oversight */
export function selectionOf(letterIds: readonly number[], options: FilterOptions): LetterSelection {
  const filter = Object.entries(filterOf(options)).filter(([, value]) => value !== undefined);
  if (letterIds.length === 0 && filter.length === 0)
    throw new Refusal('Say which letters: their ids, or one of --topic, --group, --type, --saga, --since …');
  return { ...(letterIds.length > 0 && { letterIds: [...letterIds] }), ...Object.fromEntries(filter) };
}
