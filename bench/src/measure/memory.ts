import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Resident memory of processes in MiB, by name; one that has no pid just now is left out. */
export async function memoryOf(
  processes: { name: string; pid: number | undefined }[],
): Promise<Record<string, number>> {
  const running = processes.filter(({ pid }) => pid !== undefined);
  const { stdout } = await promisify(execFile)('ps', [
    '-o',
    'pid=,rss=',
    '-p',
    running.map(({ pid }) => pid).join(','),
  ]);
  const rss = new Map(
    stdout
      .trim()
      .split('\n')
      .map((line): [number, number] => {
        const [pid, kib] = line.trim().split(/\s+/).map(Number);
        return [pid as number, Math.round((kib as number) / 1024)];
      }),
  );
  return Object.fromEntries(running.map(({ name, pid }) => [name, rss.get(pid as number) ?? 0]));
}
