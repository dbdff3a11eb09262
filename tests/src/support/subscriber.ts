import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '@holdfast/launcher/paths';
import { expect } from '@jest/globals';
import { eventually } from './eventually.ts';

/** examples/subscriber as somebody else would run it: in a folder of its own, on what anybody can install. */
export type Subscriber = {
  // biome-ignore lint/suspicious/noExplicitAny: bodies of every shape
  get: (path: string) => Promise<any>;
  /** What it has said on its standard error. */
  complaints: () => string;
  kill: () => Promise<void>;
  start: () => Promise<void>;
  /** Ends it and takes its folder away. */
  remove: () => Promise<void>;
};

export function installSubscriber(port: number, env: NodeJS.ProcessEnv): Subscriber {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-subscriber-'));
  const npm = (...args: string[]): string =>
    execFileSync('npm', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

  const source = join(projectRoot, 'examples/subscriber');
  cpSync(join(source, 'dist'), join(folder, 'dist'), { recursive: true });
  const [packed] = JSON.parse(npm('pack', join(projectRoot, 'contracts'), '--json'));
  const manifest = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
  manifest.dependencies['@holdfast/contracts'] = `file:${packed.filename}`;
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  npm('install', '--no-audit', '--no-fund', '--prefer-offline');

  let process: ChildProcess | undefined;
  let complaints = '';
  const url = `http://127.0.0.1:${port}`;
  const get = async (path: string) => (await fetch(url + path)).json();

  async function kill(): Promise<void> {
    if (process?.exitCode !== null || process.signalCode !== null) return;
    const exited = once(process, 'exit');
    process.kill('SIGKILL');
    await exited;
  }

  return {
    get,
    complaints: () => complaints,
    kill,
    start: async () => {
      process = spawn(globalThis.process.execPath, ['dist/main.js'], {
        cwd: folder,
        env: { PATH: globalThis.process.env.PATH, PORT: String(port), ...env },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      process.stderr?.on('data', (data) => (complaints += data));
      await eventually(async () => expect(await get('/health')).toEqual({ ready: true }), 45_000);
    },
    remove: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
