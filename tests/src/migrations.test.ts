import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { createTestDatabase } from '@holdfast/shared/testing/database';
import { expect, test } from '@jest/globals';
import { eventually } from './support/eventually.ts';

/** Migrations as a deployment runs them: in a process of their own, before instances that are told to wait for them. */

function start(service: string, entryPoint: string, env: NodeJS.ProcessEnv) {
  const file = fileURLToPath(new URL(`../../services/${service}/dist/${entryPoint}`, import.meta.url));
  const process: ChildProcess = spawn(globalThis.process.execPath, [file], {
    env: { PATH: globalThis.process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { process, output: text(process.stdout as NonNullable<ChildProcess['stdout']>) };
}

async function migrate(service: string, url: string): Promise<string> {
  const { process, output } = start(service, 'migrate.js', { POSTGRES_URL: url });
  expect(await once(process, 'exit')).toEqual([0, null]);
  return output;
}

test.each(['orchestrator', 'reservation', 'payment', 'balance', 'token'])(
  'of %s: run once, and nothing the second time',
  async (service) => {
    const { url, drop } = await createTestDatabase();
    expect(await migrate(service, url)).toMatch(/the schema has all \d+ migrations/);
    expect(await migrate(service, url)).toMatch(/the schema has all \d+ migrations/);
    await drop();
  },
  30_000,
);

test('an instance waits for them, and says for which', async () => {
  const { url, drop } = await createTestDatabase();
  const { process, output } = start('payment', 'main.js', {
    PORT: '0',
    POSTGRES_URL: url,
    KAFKA_BROKERS: globalThis.process.env.KAFKA_BROKERS,
    KAFKA_TOPIC_PREFIX: `migrations-${Date.now().toString(36)}.`,
    JWT_SECRET: 'x'.repeat(32),
    MIGRATE_AT_START: '0',
  });
  let said = '';
  process.stdout?.on('data', (chunk) => {
    said += chunk;
  });
  await eventually(() => expect(said).toMatch(/nobody has run these migrations yet: .*010-payment/));
  expect(said).not.toMatch(/listening/i);
  await migrate('payment', url);
  // It makes its topics first.
  await eventually(() => expect(said).toMatch(/listening/i), 40_000);
  process.kill('SIGTERM');
  expect(await once(process, 'exit')).toEqual([0, null]);
  await output;
  await drop();
}, 90_000);
