import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** What the processes of this machine use, by Linux's /proc. */

type Process = { pid: number; parent: number; name: string; cpuMs: number };

const tickMs = 1_000 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** A process's file, or nothing where it has ended just now. */
function read(pid: number | string, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}

function allProcesses(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const stat = read(pid, 'stat');
      return stat === undefined ? [] : [parseStat(stat)];
    });
}

/** The name in its parentheses may hold anything, so the numbers are counted from behind the last of them. */
function parseStat(stat: string): Process {
  const close = stat.lastIndexOf(')');
  const numbers = stat.slice(close + 2).split(' ');
  const at = (field: number): number => Number(numbers[field - 3]);
  return {
    pid: Number.parseInt(stat, 10),
    parent: at(4),
    name: stat.slice(stat.indexOf('(') + 1, close),
    // Its own, and that of the children that have ended and been waited for.
    cpuMs: (at(14) + at(15) + at(16) + at(17)) * tickMs,
  };
}

/** The processes below these, and these themselves. */
function trees(roots: readonly number[]): Process[] {
  const all = allProcesses();
  const wanted = new Set(roots);
  let before: number;
  do {
    before = wanted.size;
    for (const { pid, parent } of all) if (wanted.has(parent)) wanted.add(pid);
  } while (wanted.size > before);
  return all.filter(({ pid }) => wanted.has(pid));
}

/** CPU time that these processes and all below them have taken so far, ms. */
export const cpuMsOf = (roots: readonly number[]): number =>
  trees(roots).reduce((sum, { cpuMs }) => sum + cpuMs, 0);

/**
 * What these processes and all below them hold resident, MiB: their own memory and mapped files. Postgres's shared
 * buffers, which each of its processes maps, aren't counted: they are the same size for all.
 */
export function memoryMibOf(roots: readonly number[]): number {
  const kib = trees(roots).map(({ pid }) => {
    const status = read(pid, 'status') ?? '';
    const field = (name: string): number =>
      Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
    return field('RssAnon') + field('RssFile');
  });
  return kib.reduce((sum, one) => sum + one, 0) / 1_024;
}
