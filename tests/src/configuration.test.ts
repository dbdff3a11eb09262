import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { serviceNames } from '@holdfast/shared/contracts/define';
import { expect, test } from '@jest/globals';

/** What each process says of its configuration, by itself: no part of the system is there. */

const folders = [...serviceNames.map((name) => `services/${name}`), 'gateway', 'provision'];

function run(folder: string, args: string[], env: NodeJS.ProcessEnv = {}) {
  const file = fileURLToPath(new URL(`../../${folder}/dist/main.js`, import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], {
    env: { PATH: process.env.PATH, ...env },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test.each(folders)('%s prints with --help what there is to set, and does nothing else', (folder) => {
  const { status, stdout, stderr } = run(folder, ['--help']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain(folder === 'gateway' ? 'ORCHESTRATOR_URL' : 'KAFKA_BROKERS');
});

const wrong: Record<string, string[]> = {
  gateway: ['ORCHESTRATOR_URL', 'TOKEN_URL'],
  provision: ['POSTGRES_URL', 'TOKEN_POSTGRES_PASSWORD'],
};

test.each(folders)('%s says everything that is wrong at once, and exits', (folder) => {
  const env = { ORCHESTRATOR_URL: 'nowhere', POSTGRES_URL: 'nowhere' };
  const { status, stdout, stderr } = run(folder, [], env);
  const said = stdout + stderr;
  expect(status).toBe(1);
  for (const name of wrong[folder] ?? ['POSTGRES_URL', 'KAFKA_BROKERS']) expect(said).toContain(name);
  expect(said).not.toContain('at file:');
});
