import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { CommandContext } from '@holdfast/launcher/command';
import { runTool } from '@holdfast/launcher/process/run-tool';
import { setupError } from '@holdfast/launcher/setup-error';

// The same from src and from dist.
const requirements = fileURLToPath(new URL('../../http-fuzz/requirements.txt', import.meta.url));

/** Installs Schemathesis as it is pinned, hashes and all, unless it is there. @returns its program */
export async function installSchemathesis(
  cacheDir: string,
  runDir: string,
  { report, signal }: CommandContext,
): Promise<string> {
  const pinned = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folder = join(cacheDir, `schemathesis-${pinned}`);
  const complete = join(folder, 'complete');
  const program = join(folder, 'bin', 'schemathesis');
  if (existsSync(complete)) return program;

  const stage = report.stage('Schemathesis');
  try {
    rmSync(folder, { recursive: true, force: true });
    const tool = (command: string, args: string[]) =>
      runTool({ name: 'schemathesis', command, args, runDir, signal });
    await tool('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 11))']).catch(() => {
      throw setupError(
        'Python 3.11 or later is needed: apt-get install python3 python3-venv, or https://python.org',
      );
    });
    await tool('python3', ['-m', 'venv', folder]).catch(() => {
      throw setupError("Python's venv is needed: apt-get install python3-venv");
    });
    const pip = ['install', '--quiet', '--disable-pip-version-check', '--require-hashes', '-r', requirements];
    await tool(join(folder, 'bin', 'pip'), pip);
    writeFileSync(complete, '');
    stage.done('Schemathesis installed');
  } finally {
    stage.drop();
  }
  return program;
}

export type Run = {
  /** OpenAPI document to read. */
  document: string;
  /** Where to send the requests. */
  url: string;
  seed: number;
  maxExamples: number;
  /** Arguments besides. */
  extra: string[];
};

/** Runs it once with the configuration in `folder`, where it leaves its files. */
export async function runSchemathesis(
  program: string,
  folder: string,
  { document, url, seed, maxExamples, extra }: Run,
  signal: AbortSignal,
): Promise<{ passed: boolean; output: string }> {
  signal.throwIfAborted();
  const child = spawn(
    program,
    [
      ...['--config-file', join(folder, 'schemathesis.toml'), 'run', document, '--url', url],
      ...['--seed', String(seed), '--max-examples', String(maxExamples), '--generation-database', 'none'],
      ...['--no-color', ...extra],
    ],
    { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'], signal },
  );
  const [output, [exitCode]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  return { passed: exitCode === 0, output };
}
