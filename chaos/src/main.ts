import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { dataDirectory } from '@holdfast/launcher/data-dir';
import { isSetupError } from '@holdfast/launcher/setup-error';
import { holdDataDirectory } from '@holdfast/launcher/single-launcher';
import { createScreen } from '@holdfast/launcher/terminal/screen';
import { checkAgain } from './check-again.ts';
import { nameOf } from './faults/fault.ts';
import { faults } from './faults/list.ts';
import { type Options, readOptions, usage } from './options.ts';
import { type Context, run } from './run.ts';

/** `npm run chaos`. */
async function main(args: string[]): Promise<number> {
  let options: Options;
  try {
    options = readOptions(args, faults);
  } catch (error) {
    console.error(`✖ ${(error as Error).message}\n\n${usage}`);
    return 2;
  }
  if (options.help) console.log(usage);
  else if (options.list) for (const fault of faults) console.log(nameOf(fault));
  else return inDataDirectory((context) => (options.check ? checkAgain(context) : runAnew(options, context)));
  return 0;
}

async function inDataDirectory(work: (context: Context) => Promise<number>): Promise<number> {
  const dataDir = join(dataDirectory(process.env), 'chaos');
  const report = createScreen(process.stdout);
  const stop = new AbortController();
  // The terminal sends one and npm another: only the first counts.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => {
      if (!stop.signal.aborted) report.say('Stopping; what was done is checked …');
      stop.abort();
    });
  try {
    const held = holdDataDirectory(dataDir);
    try {
      return await work({ dataDir, report, signal: stop.signal });
    } finally {
      held.release();
    }
  } catch (error) {
    if (!isSetupError(error) && !stop.signal.aborted) throw error;
    report.say(`✖ ${(error as Error).message}`);
    return 1;
  }
}

/** Always a new system: what a former run has left would be judged with this one. */
function runAnew(options: Options, context: Context): Promise<number> {
  for (const kept of ['kafka', 'postgres', 'redis', 'logs', 'run'])
    rmSync(join(context.dataDir, kept), { recursive: true, force: true });
  return run(options, context);
}

process.exit(await main(process.argv.slice(2)));
