import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { projectRoot } from './paths.ts';

/** `npm run chaos`: the fault runner, which starts a system of its own. */
export async function run(chaosArguments: string[]): Promise<never> {
  const chaos = spawn(process.execPath, [join(projectRoot, 'chaos/dist/main.js'), ...chaosArguments], {
    cwd: projectRoot,
    stdio: 'inherit',
  });
  // It ends early then, still checks what it did, and tells by its exit code. Ctrl-C at a terminal reaches it anyway.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => chaos.kill(name));
  const [exitCode] = (await once(chaos, 'exit')) as [number | null];
  process.exit(exitCode ?? 1);
}
