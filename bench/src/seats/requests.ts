import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { build } from 'hdr-histogram-js';
import { Pool, request } from 'undici';

const kib = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KiB`;
const ms = (value: number): string => `${value.toFixed(1)} ms`;

async function get(url: string, headers: Record<string, string>) {
  const at = performance.now();
  const answer = await request(url, { headers });
  const body = Buffer.from(await answer.body.arrayBuffer());
  return { status: answer.statusCode, headers: answer.headers, body, ms: performance.now() - at };
}

/** Asks a few times in each encoding: the first is made for it, the others are kept. @returns lines */
export async function oneByOne(name: string, url: string): Promise<string[]> {
  const lines: string[] = [];
  for (const encoding of ['br', 'gzip', 'identity'] as const) {
    const first = await get(url, { 'accept-encoding': encoding });
    if (first.status !== 200) throw new Error(`${url} answers ${first.status}`);
    const later = await get(url, { 'accept-encoding': encoding });
    const etag = String(later.headers.etag);
    const same = await get(url, { 'accept-encoding': encoding, 'if-none-match': etag });
    const decompress = { br: brotliDecompressSync, gzip: gunzipSync, identity: (body: Buffer) => body }[
      encoding
    ];
    const at = performance.now();
    JSON.parse(decompress(first.body).toString());
    const parsed = performance.now() - at;
    lines.push(
      `${name}, ${encoding}: ${kib(first.body.length)}; first ${ms(first.ms)}, then ${ms(later.ms)}, ` +
        `${same.status} ${ms(same.ms)}; decompressed and parsed in ${ms(parsed)}`,
    );
  }
  return lines;
}

/** Asks as fast as it answers, for some seconds. @returns a line */
export async function asOften(
  name: string,
  url: string,
  options: { seconds: number; atOnce: number; authorization?: string; revalidate?: boolean },
): Promise<string> {
  const { seconds, atOnce, authorization, revalidate } = options;
  const { origin, pathname: path } = new URL(url);
  const pool = new Pool(origin, { connections: atOnce, pipelining: 1 });
  const headers: Record<string, string> = { 'accept-encoding': 'br' };
  if (authorization) headers.authorization = authorization;
  if (revalidate) headers['if-none-match'] = String((await get(url, headers)).headers.etag);
  const latencies = build({ lowestDiscernibleValue: 1, highestTrackableValue: 60_000_000 });
  const statuses = new Map<number, number>();
  let bytes = 0;
  const startedAt = performance.now();
  const until = startedAt + seconds * 1_000;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (performance.now() < until) {
        const at = performance.now();
        const answer = await pool.request({ method: 'GET', path, headers });
        bytes += (await answer.body.arrayBuffer()).byteLength;
        latencies.recordValue(Math.round((performance.now() - at) * 1_000));
        statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1);
      }
    }),
  );
  const took = (performance.now() - startedAt) / 1_000;
  await pool.close();
  const at = (percentile: number): string => ms(latencies.getValueAtPercentile(percentile) / 1_000);
  const answers = [...statuses].map(([status, times]) => `${times} × ${status}`).join(', ');
  return (
    `${name}: ${Math.round(latencies.totalCount / took)}/s, ${atOnce} at once, p50 ${at(50)}, p99 ${at(99)}, ` +
    `${(bytes / took / 1024 / 1024).toFixed(0)} MiB/s (${answers})`
  );
}
