import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { processIdentity } from './identity.ts';
import { endRecordedProcesses, recordProcess } from './records.ts';

const built = new URL('../../dist/process/', import.meta.url);
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-guard-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** A launcher of its own process, with one child. */
function startLauncher() {
  return spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { guardProcesses } from '${built}guard.js';
       import { supervise } from '${built}supervise.js';
       guardProcesses('${folder}/run');
       const child = supervise({
         name: 'child', command: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)'],
         env: {}, logFile: '${folder}/child.log', runDir: '${folder}/run',
       });
       console.log(child.pid);`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
}

test('children do not outlive a launcher that was killed', async () => {
  const launcher = startLauncher();
  const [line] = (await once(launcher.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  expect(processIdentity(pid)).toBeDefined();
  launcher.kill('SIGKILL');
  while (processIdentity(pid) !== undefined) await sleep(20);
});

test("what a former run left behind is ended, but not a stranger who now has its process's number", async () => {
  const left = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  recordProcess(folder, 'left', left.pid as number, 'SIGTERM');
  const stranger = { pid: process.pid, identity: 'of a process that has ended', stopSignal: 'SIGTERM' };
  writeFileSync(join(folder, 'stranger.json'), JSON.stringify(stranger));

  expect(await endRecordedProcesses(folder, 5_000)).toEqual(['left']);
  expect(processIdentity(left.pid as number)).toBeUndefined();
});
