import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { openLog } from './log-file.ts';
import { forgetProcess, recordProcess } from './records.ts';

const firstRetryMs = 200;
const longestRetryMs = 5_000;
const steadyAfterMs = 30_000;

export interface ProcessSpec {
  name: string;
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  user?: { uid: number; gid: number } | undefined;
  logFile: string;
  /** Where its record is kept while it runs, for the watchdog. */
  runDir: string;
  stopSignal?: NodeJS.Signals;
  stopWithinMs?: number;
  onDeath?: (death: Death) => void;
}

export interface Death {
  name: string;
  how: string;
  retryInMs: number;
}

export interface Supervised {
  readonly name: string;
  /** Undefined between a death and the restart. */
  readonly pid: number | undefined;
  readonly restarts: number;
  kill(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
}

/** Runs a process and starts it again, with backoff, whenever it ends unasked. */
export function supervise(spec: ProcessSpec): Supervised {
  const { name, runDir, stopSignal = 'SIGTERM', stopWithinMs = 10_000 } = spec;
  let child: ChildProcess | undefined;
  let restarts = 0;
  let retryMs = firstRetryMs;
  let retry: NodeJS.Timeout | undefined;
  let stopped: Promise<void> | undefined;

  function start(): void {
    const startedAt = Date.now();
    const log = openLog(spec.logFile);
    const started = spawn(spec.command, spec.args, {
      env: spec.env,
      ...spec.user,
      // Its own process group: Ctrl-C must reach the launcher only, which stops everything in order.
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    child = started;
    if (started.pid !== undefined) recordProcess(runDir, name, started.pid, stopSignal);
    started.once('error', (error) => died(started, error.message, startedAt));
    started.once('exit', (code, signal) => died(started, signal ?? `exit code ${code}`, startedAt));
  }

  function died(ended: ChildProcess, how: string, startedAt: number): void {
    if (child !== ended) return;
    child = undefined;
    forgetProcess(runDir, name);
    if (stopped) return;
    if (Date.now() - startedAt >= steadyAfterMs) retryMs = firstRetryMs;
    spec.onDeath?.({ name, how, retryInMs: retryMs });
    retry = setTimeout(() => {
      restarts += 1;
      start();
    }, retryMs);
    retryMs = Math.min(retryMs * 2, longestRetryMs);
  }

  async function stop(): Promise<void> {
    clearTimeout(retry);
    if (!child) return;
    const ending = child;
    const exited = new Promise((resolve) => ending.once('exit', resolve));
    ending.kill(stopSignal);
    const lastResort = setTimeout(() => ending.kill('SIGKILL'), stopWithinMs);
    await exited;
    clearTimeout(lastResort);
  }

  start();
  return {
    name,
    get pid() {
      return child?.pid;
    },
    get restarts() {
      return restarts;
    },
    kill(signal) {
      child?.kill(signal);
    },
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}
