import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processIdentity } from './identity.ts';

/** One file for each running child, so that whoever comes later can end what its launcher left behind. */
interface ProcessRecord {
  pid: number;
  identity: string;
  stopSignal: NodeJS.Signals;
}

export function recordProcess(runDir: string, name: string, pid: number, stopSignal: NodeJS.Signals): void {
  const identity = processIdentity(pid);
  if (identity === undefined) return;
  mkdirSync(runDir, { recursive: true });
  writeFileSync(
    recordFile(runDir, name),
    JSON.stringify({ pid, identity, stopSignal } satisfies ProcessRecord),
  );
}

export function forgetProcess(runDir: string, name: string): void {
  rmSync(recordFile(runDir, name), { force: true });
}

/** Ends every recorded process that still runs; answers their names. */
export async function endRecordedProcesses(runDir: string, graceMs: number): Promise<string[]> {
  const names = recordedNames(runDir);
  const ended = await Promise.all(names.map((name) => endRecorded(runDir, name, graceMs)));
  return names.filter((_, index) => ended[index]);
}

async function endRecorded(runDir: string, name: string, graceMs: number): Promise<boolean> {
  const record = readRecord(runDir, name);
  const wasRunning = record !== undefined && runs(record);
  if (wasRunning) {
    signal(record, record.stopSignal);
    await gone(record, graceMs);
    signal(record, 'SIGKILL');
    await gone(record, 2_000);
  }
  // By now a new launcher may have recorded its own process under this name.
  if (readRecord(runDir, name)?.identity === record?.identity) forgetProcess(runDir, name);
  return wasRunning;
}

async function gone(record: ProcessRecord, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (runs(record) && Date.now() < deadline) await sleep(50);
}

function runs({ pid, identity }: ProcessRecord): boolean {
  return processIdentity(pid) === identity;
}

function signal(record: ProcessRecord, name: NodeJS.Signals): void {
  try {
    if (runs(record)) process.kill(record.pid, name);
  } catch {
    // It ended in between.
  }
}

function recordedNames(runDir: string): string[] {
  try {
    return readdirSync(runDir)
      .filter((file) => file.endsWith('.json'))
      .map((file) => file.slice(0, -'.json'.length));
  } catch {
    return [];
  }
}

function readRecord(runDir: string, name: string): ProcessRecord | undefined {
  try {
    return JSON.parse(readFileSync(recordFile(runDir, name), 'utf8')) as ProcessRecord;
  } catch {
    // Cut short while it was written.
    return undefined;
  }
}

function recordFile(runDir: string, name: string): string {
  return join(runDir, `${name}.json`);
}
