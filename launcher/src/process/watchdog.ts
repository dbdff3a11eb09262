import { endRecordedProcesses } from './records.ts';

/**
 * Waits for the launcher's end of the pipe to close, which the kernel does however the launcher ends, then
 * ends the children that are still recorded. After an orderly stop there are none.
 */
const runDir = process.argv[2];
if (runDir === undefined) throw new Error('usage: watchdog <directory of process records>');

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => undefined);
process.stdin.resume();
process.stdin.once('close', () => void endRecordedProcesses(runDir, 10_000));
