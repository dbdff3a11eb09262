import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { queryOnce } from '@holdfast/shared/testing/database';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { cacheDirectory, temporaryDataDirectory } from '../data-dir.ts';
import { silent } from '../terminal/report.ts';
import { type Infrastructure, startInfrastructure } from './start.ts';

let dataDir: string;

beforeEach(() => {
  dataDir = temporaryDataDirectory();
});

afterEach(() => rmSync(dataDir, { recursive: true }));

/** Kafka and Redis from the environment, Postgres from binaries: what needs neither Java nor Maven. */
function start(env: NodeJS.ProcessEnv = {}): Promise<Infrastructure> {
  const { KAFKA_BROKERS, REDIS_URL } = process.env;
  return startInfrastructure({
    dataDir,
    cacheDir: cacheDirectory(process.env),
    report: silent,
    ports: 'free',
    containers: 'never',
    env: { KAFKA_BROKERS, REDIS_URL, ...env },
    signal: new AbortController().signal,
  });
}

test('data is kept over a restart on another port', async () => {
  const first = await start();
  expect(first.sources).toEqual({ kafka: 'environment', postgres: 'embedded', redis: 'environment' });
  await queryOnce(first.postgresUrl, 'CREATE TABLE kept (id int)');
  await first.stop();

  const second = await start();
  expect(second.postgresUrl).not.toBe(first.postgresUrl);
  expect(await queryOnce(second.postgresUrl, 'SELECT * FROM kept')).toEqual([]);
  await second.stop();
});

test('what the environment names but does not answer is told in one line, without its password', async () => {
  const POSTGRES_URL = 'postgres://admin:hunter2@127.0.0.1:1/postgres';
  await expect(start({ POSTGRES_URL })).rejects.toThrow(
    /^Postgres doesn't answer at POSTGRES_URL=postgres:\/\/admin:\*\*\*@127.0.0.1:1\/postgres .*$/,
  );
});

test('when one part fails, none is left running', async () => {
  await expect(start({ REDIS_URL: 'redis://127.0.0.1:1' })).rejects.toThrow(/Redis doesn't answer/);
  expect(existsSync(join(dataDir, 'postgres/data/postmaster.pid'))).toBe(false);
});
