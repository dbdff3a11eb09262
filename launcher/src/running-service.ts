import { join } from 'node:path';
import { type Supervised, supervise } from './process/supervise.ts';
import { untilReady } from './process/until.ts';
import type { Report } from './terminal/report.ts';

/** A process of the system that answers over HTTP. */
export interface RunningService {
  readonly name: string;
  readonly url: string;
  readonly logFile: string;
  /** Undefined between a death and the restart. */
  readonly pid: number | undefined;
  readonly restarts: number;
  kill(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
}

export interface ServiceProcess {
  name: string;
  entryPoint: string;
  url: string;
  env: NodeJS.ProcessEnv;
  logsDir: string;
  runDir: string;
  report: Report;
  signal: AbortSignal;
}

/** Starts a service under supervision and waits until it is ready. */
export async function startService(spec: ServiceProcess): Promise<RunningService> {
  const { name, url, report, signal } = spec;
  const logFile = join(spec.logsDir, `${name}.log`);
  const process = supervise({
    name,
    command: globalThis.process.execPath,
    args: ['--enable-source-maps', spec.entryPoint],
    env: spec.env,
    logFile,
    runDir: spec.runDir,
    onDeath({ how, retryInMs }) {
      report.say(`${name} died (${how}), starting it again in ${retryInMs / 1_000} s; its log: ${logFile}`);
    },
  });
  try {
    await untilReady({ process, logFile, check: () => requireReady(url), withinMs: 120_000, signal });
  } catch (error) {
    await process.stop();
    throw error;
  }
  return running(process, url, logFile);
}

function running(process: Supervised, url: string, logFile: string): RunningService {
  return {
    name: process.name,
    url,
    logFile,
    get pid() {
      return process.pid;
    },
    get restarts() {
      return process.restarts;
    },
    kill: process.kill,
    stop: process.stop,
  };
}

async function requireReady(url: string): Promise<void> {
  const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(3_000) });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
}
