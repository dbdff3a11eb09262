import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectRoot } from '@holdfast/launcher/paths';
import { WebSocket } from 'undici';

/** What the inspector's Profiler gives, as far as it is used here. */
export type CpuProfile = {
  nodes: { id: number; callFrame: { functionName: string; url: string } }[];
  samples: number[];
  /** Microseconds before each sample. */
  timeDeltas: number[];
};

/** Begins to profile a process by its inspector. @returns ends it */
export async function startProfile(port: number): Promise<() => Promise<CpuProfile>> {
  const targets = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as {
    webSocketDebuggerUrl: string;
  }[];
  const socket = new WebSocket(targets[0]?.webSocketDebuggerUrl as string);
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true });
    socket.addEventListener('error', reject, { once: true });
  });
  let lastId = 0;
  const ask = (method: string, params: object = {}): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = ++lastId;
      const onMessage = ({ data }: { data: unknown }): void => {
        const answer = JSON.parse(String(data));
        if (answer.id !== id) return;
        socket.removeEventListener('message', onMessage);
        if (answer.error) reject(new Error(`${method}: ${answer.error.message}`));
        else resolve(answer.result);
      };
      socket.addEventListener('message', onMessage);
      socket.send(JSON.stringify({ id, method, params }));
    });
  await ask('Profiler.enable');
  await ask('Profiler.setSamplingInterval', { interval: 500 });
  await ask('Profiler.start');
  return async () => {
    const { profile } = (await ask('Profiler.stop')) as { profile: CpuProfile };
    socket.close();
    return profile;
  };
}

export type Share = { module: string; ms: number };

/** Where a process spends its time, without waiting: by npm package, by file of ours, or by part of Node. */
export function timeByModule({ nodes, samples, timeDeltas }: CpuProfile): Share[] {
  const moduleOf = new Map(nodes.map(({ id, callFrame }) => [id, moduleOfFrame(callFrame)]));
  const times = new Map<string, number>();
  samples.forEach((id, i) => {
    const module = moduleOf.get(id) ?? '?';
    if (module === '(idle)') return;
    times.set(module, (times.get(module) ?? 0) + (timeDeltas[i] ?? 0) / 1_000);
  });
  return [...times].map(([module, ms]) => ({ module, ms })).sort((a, b) => b.ms - a.ms);
}

export function moduleOfFrame({ functionName, url }: { functionName: string; url: string }): string {
  // Without a file: the garbage collector, native code, idle.
  if (url === '') return functionName.startsWith('(') ? functionName : '(native)';
  if (url.startsWith('node:')) return `node:${url.slice(5).split('/').slice(0, 2).join('/')}`;
  const packages = [...url.matchAll(/node_modules\/((?:@[^/]+\/)?[^/]+)/g)];
  const last = packages.filter(([, name]) => name !== '.pnpm').at(-1)?.[1];
  if (last !== undefined) return last;
  return url.startsWith('file:') ? relative(projectRoot, fileURLToPath(url)) : url;
}

/** A process's shares, the largest first, as far as they matter. */
export function profileLines(name: string, profile: CpuProfile, sagas: number): string[] {
  const shares = timeByModule(profile);
  const total = shares.reduce((sum, { ms }) => sum + ms, 0);
  const wall = profile.timeDeltas.reduce((sum, us) => sum + us, 0) / 1_000;
  return [
    `${name}: busy ${((100 * total) / wall).toFixed(0)}% of the time, ${(total / sagas).toFixed(3)} ms a saga`,
    ...shares
      .filter(({ ms }) => ms >= 0.01 * total)
      .map(({ module, ms }) => `  ${((100 * ms) / total).toFixed(1).padStart(5)}%  ${module}`),
  ];
}
