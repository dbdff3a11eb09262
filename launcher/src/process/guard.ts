import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { watchdogMain } from '../paths.ts';

export interface Guard {
  release(): void;
}

/** Sees to it that what is recorded in `runDir` doesn't outlive this process, not even by kill -9. */
export function guardProcesses(runDir: string): Guard {
  let released = false;
  let watchdog = start();

  function start() {
    // Detached: Ctrl-C at the terminal goes to the whole process group.
    const child = spawn(process.execPath, ['--max-old-space-size=32', watchdogMain, runDir], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    child.stdin.on('error', () => undefined);
    child.once('exit', () => {
      if (!released) watchdog = start();
    });
    child.unref();
    (child.stdin as Socket).unref();
    return child;
  }

  return {
    release() {
      released = true;
      watchdog.stdin.end();
    },
  };
}
