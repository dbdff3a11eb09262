import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { LetterStatus, PortableLetter } from '@holdfast/ops-client/types';
import { Argument, Command } from 'commander';
import { listOption, wholeNumbers } from '../arguments.ts';
import { action, Refusal } from '../command.ts';
import { count } from '../output/text.ts';
import { type FilterOptions, selectionOf, statuses, withFilter } from './selection.ts';

type ExportOptions = FilterOptions & { status?: LetterStatus[]; output?: string };

/** `holdfast dlq export`. */
export const exportCommand = (): Command =>
  withFilter(
    new Command('export')
      .description('Writes letters byte for byte, one JSON a line')
      .addArgument(new Argument('[letters...]', 'their numbers').argParser(wholeNumbers)),
  )
    .addOption(listOption('--status <status>', 'only these; OPEN unless told', statuses))
    .option('-o, --output <file>', 'into this file; otherwise to the standard output')
    .action(
      action(async ({ api }, letterIds: number[] | undefined, options: ExportOptions) => {
        const select = selectionOf(letterIds ?? [], options);
        const lines = await api.exportLetters({ select, status: options.status });
        if (!lines) return 0;
        const from = Readable.fromWeb(lines as Parameters<typeof Readable.fromWeb>[0]);
        // Letters carry people's data: the file is its owner's.
        if (options.output) await pipeline(from, createWriteStream(options.output, { mode: 0o600 }));
        else await pipeline(from, process.stdout, { end: false });
        return 0;
      }),
    );

/** A request takes 8 MB at most. */
const batchLetters = 1_000;
const batchBytes = 6_000_000;

/** `holdfast dlq import`. */
export const importCommand = (): Command =>
  new Command('import')
    .description('Puts exported letters back among the dead letters; those that are known stay as they are')
    .argument('<file>', 'as dlq export wrote it; - for the standard input')
    .option('--reason <text>', 'why; the audit keeps it')
    .action(
      action(async ({ api, json, say }, file: string, { reason }: { reason?: string }) => {
        const total = { imported: 0, known: 0 };
        for await (const letters of batches(file)) {
          const { imported, known } = await api.importLetters({ letters, reason });
          total.imported += imported;
          total.known += known;
        }
        if (json) say(JSON.stringify(total));
        else say(`${count(total.imported, 'letter')} imported, ${total.known} known before.`);
        return 0;
      }),
    );

async function* batches(file: string): AsyncGenerator<PortableLetter[]> {
  const input = file === '-' ? process.stdin : createReadStream(file);
  let batch: PortableLetter[] = [];
  let bytes = 0;
  let line = 0;
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    line++;
    if (text.trim() === '') continue;
    if (batch.length === batchLetters || (batch.length > 0 && bytes + text.length > batchBytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    try {
      batch.push(JSON.parse(text));
    } catch {
      throw new Refusal(
        `Line ${line} of ${file} is no JSON: what came before it is imported, the rest is not.`,
      );
    }
    bytes += text.length;
  }
  if (batch.length > 0) yield batch;
}
