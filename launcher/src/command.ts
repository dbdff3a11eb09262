import { constants } from 'node:os';
import { isSetupError } from './setup-error.ts';
import type { Report } from './terminal/report.ts';
import { createScreen } from './terminal/screen.ts';

export interface CommandContext {
  report: Report;
  /** Aborts when the command is to stop. */
  signal: AbortSignal;
}

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs a command to its end, and orderly so by Ctrl-C, by a signal and by an error that nobody caught. */
export async function runCommand(command: (context: CommandContext) => Promise<number>): Promise<never> {
  const report = createScreen(process.stdout);
  const stop = new AbortController();
  let exitCode: number | undefined;

  function stopWith(code: number, line: string): void {
    // npm hands on the Ctrl-C that the terminal has sent us already: a second signal is no sign of impatience.
    if (exitCode !== undefined) return;
    exitCode = code;
    report.say(line);
    stop.abort();
  }

  for (const name of stopSignals) {
    process.on(name, () => stopWith(name === 'SIGINT' ? 0 : 128 + constants.signals[name], 'Stopping …'));
  }
  process.on('uncaughtException', (error) => stopWith(1, describe(error)));
  afterNpm(() => stopWith(1, 'npm has ended: stopping …'));

  try {
    const ownCode = await command({ report, signal: stop.signal });
    exitCode ??= ownCode;
  } catch (error) {
    if (exitCode === undefined) report.say(describe(error));
    exitCode ??= 1;
  }
  process.exit(exitCode);
}

/** One line for what can be mended; for a fault of our own, all that helps to find it. */
function describe(error: unknown): string {
  if (isSetupError(error)) return `✖ ${error.message}`;
  return `✖ ${error instanceof Error ? error.stack : error}`;
}

// npm killed by -9 can't hand on a signal, and nobody could stop us with Ctrl-C any more.
function afterNpm(ended: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const npm = process.ppid;
  setInterval(() => {
    if (process.ppid !== npm) ended();
  }, 1_000).unref();
}
