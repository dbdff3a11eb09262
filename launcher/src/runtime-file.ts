import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, writePrivateJson } from './private-file.ts';

/** Where a running system is to be found, for the demo and for people with psql. */
export interface Runtime {
  url: string;
  services: Record<string, { url: string; pid: number | undefined }[]>;
  kafkaBrokers: string;
  /** The administrator's, to the services' database. */
  postgresUrl: string;
  redisUrl: string;
  launcherPid: number;
}

export function writeRuntime(dataDir: string, runtime: Runtime): void {
  writePrivateJson(runtimeFile(dataDir), runtime);
}

export function readRuntime(dataDir: string): Runtime | undefined {
  return readJson(runtimeFile(dataDir));
}

export function removeRuntime(dataDir: string): void {
  rmSync(runtimeFile(dataDir), { force: true });
}

function runtimeFile(dataDir: string): string {
  return join(dataDir, 'runtime.json');
}
