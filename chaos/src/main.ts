import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { dataDirectory } from '@holdfast/launcher/data-dir';
import { holdDataDirectory } from '@holdfast/launcher/single-launcher';
import { createScreen } from '@holdfast/launcher/terminal/screen';
import { nameOf } from './faults/fault.ts';
import { faults } from './faults/list.ts';
import { type Options, readOptions, usage } from './options.ts';
import { run } from './run.ts';

/** `npm run chaos`. */
async function main(args: string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(usage);
    return 0;
  }
  if (args.includes('--list')) {
    for (const fault of faults) console.log(nameOf(fault));
    return 0;
  }
  let options: Options;
  try {
    options = readOptions(args, faults);
  } catch (error) {
    console.error(`✖ ${(error as Error).message}\n\n${usage}`);
    return 2;
  }

  const dataDir = join(dataDirectory(process.env), 'chaos');
  const held = holdDataDirectory(dataDir);
  const stop = new AbortController();
  // One of them may come from the terminal and another from npm: only the first counts.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop.abort());
  try {
    // Always a new system: what a former run has left would be judged with this one.
    for (const part of ['kafka', 'postgres', 'redis', 'logs'])
      rmSync(join(dataDir, part), { recursive: true, force: true });
    mkdirSync(dataDir, { recursive: true });
    return await run(options, { dataDir, report: createScreen(process.stdout), signal: stop.signal });
  } finally {
    held.release();
  }
}

process.exit(await main(process.argv.slice(2)));
