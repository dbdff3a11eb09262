import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { runCommand } from './command.ts';
import { dataDirectory } from './data-dir.ts';
import { projectRoot } from './paths.ts';
import { readRuntime } from './runtime-file.ts';
import { setupError } from './setup-error.ts';

/** `npm run demo`: the storm on the running system. */
export function run(demoArguments: string[]): Promise<never> {
  return runCommand(async ({ signal }) => {
    const dataDir = dataDirectory(process.env);
    const url = process.env.HOLDFAST_URL || readRuntime(dataDir)?.url;
    if (!url) throw setupError('Holdfast is not running: start it with npm start, or set HOLDFAST_URL');

    const demo = spawn(process.execPath, [join(projectRoot, 'demo/dist/main.js'), ...demoArguments], {
      cwd: projectRoot,
      stdio: 'inherit',
      env: { ...process.env, HOLDFAST_URL: url, HOLDFAST_DATA: dataDir },
    });
    signal.addEventListener('abort', () => demo.kill('SIGTERM'));
    const [exitCode] = (await once(demo, 'exit')) as [number | null];
    return exitCode ?? 1;
  });
}
