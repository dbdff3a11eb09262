import { ConfigError } from '../config/config.ts';
import { createLogger } from './logger.ts';

type Stop = () => Promise<void>;
export type OnStop = (name: string, stop: Stop) => void;

const stopTimeoutMs = 10_000;

const log = createLogger({ service: 'process', level: 'info' });

/**
 * Runs a service. `main` starts its parts and hands in how to stop each; SIGTERM or SIGINT stops them, the last first,
 * and the process exits: 0, or 1 when one fails or all together take longer than 10 s. A second signal exits at once,
 * and so does an error that nobody caught: the state that it leaves can't be trusted.
 */
export function run(main: (onStop: OnStop) => Promise<void>): void {
  const stops: { name: string; stop: Stop }[] = [];

  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info(`stopping on ${signal}`);
    setTimeout(() => die(new Error(`not stopped after ${stopTimeoutMs} ms`)), stopTimeoutMs);
    void stopAll(stops).then((exitCode) => process.exit(exitCode));
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);

  main((name, stop) => stops.push({ name, stop })).catch((error: unknown) => {
    // Half of a start that a signal interrupts fails because the other half is being stopped.
    if (!stopping) die(error);
  });
}

/** Runs what comes to an end by itself: the process exits with 0, or with 1 and why. */
export function runOnce(main: () => Promise<void>): void {
  main().then(() => process.exit(0), die);
}

/**
 * Ends the process for a fault that it can't get over by itself; its supervisor starts it anew. Thrown from a turn of
 * its own, so that nobody up the stack can catch it.
 */
export function giveUp(error: Error): void {
  setImmediate(() => {
    throw error;
  });
}

async function stopAll(stops: { name: string; stop: Stop }[]): Promise<number> {
  let exitCode = 0;
  for (const { name, stop } of stops.toReversed()) {
    log.debug(`stopping ${name}`);
    await stop().catch((error: unknown) => {
      log.error({ err: error }, `${name} did not stop`);
      exitCode = 1;
    });
  }
  return exitCode;
}

function die(error: unknown): never {
  if (error instanceof ConfigError) process.stderr.write(`${error.message}\n`);
  else log.fatal({ err: error }, 'exiting');
  process.exit(1);
}
