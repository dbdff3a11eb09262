import { get as httpGet, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { build, type Histogram } from 'hdr-histogram-js';
import type { Ask } from '../load/client.ts';

type Options = {
  /** Of the instances, among which those who listen are spread. */
  urls: string[];
  ask: Ask;
  concertId: string;
  performanceId: string;
  listeners: number;
  changes: number;
};

/** Holds seats one after the other, and notes when each who listens has heard of it. @returns a line */
export async function changesTo(options: Options): Promise<string> {
  const { urls, ask, concertId, performanceId, listeners, changes } = options;
  const path = `/v1/performances/${performanceId}/seat-map`;
  const params = { path: { performanceId } };
  const [{ body: map }, { body: status }] = await Promise.all([
    ask(undefined, (client) => client.GET('/v1/performances/{performanceId}/seat-map', { params })),
    ask(undefined, (client) => client.GET('/v1/performances/{performanceId}/seat-map/status', { params })),
  ]);
  const ids: string[] = map.sections.flatMap(({ rows }: { rows: { concertSeatIds: string[] }[] }) =>
    rows.flatMap(({ concertSeatIds }) => concertSeatIds),
  );
  const free = ids.flatMap((id, index) => (status.statuses[index] === 'A' ? [{ id, index }] : []));

  const latencies = build({ lowestDiscernibleValue: 1, highestTrackableValue: 60_000_000 });
  const holds = build({ lowestDiscernibleValue: 1, highestTrackableValue: 60_000_000 });
  let awaited = { text: '', at: 0, heard: 0 };
  const hear = (chunk: string): void => {
    if (awaited.text === '' || !chunk.includes(awaited.text)) return;
    awaited.heard++;
    record(latencies, awaited.at);
  };
  const streams = await Promise.all(
    Array.from({ length: listeners }, (_, i) => listen(`${urls[i % urls.length]}${path}/events`, hear)),
  );
  await sleep(1_000);

  let missed = 0;
  for (const { id, index } of free.slice(0, changes)) {
    const { body: user } = await ask(undefined, (client) =>
      client.POST('/v1/dev/users', { body: { name: 'bench' } }),
    );
    const { body: token } = await ask(user.accessToken, (client) =>
      client.POST('/v1/tokens', { body: { concertId } }),
    );
    awaited = { text: `[${index},"H"]`, at: performance.now(), heard: 0 };
    const held = await ask(user.accessToken, (client) =>
      client.POST('/v1/reservations', {
        params: { header: { 'queue-token': token.token } },
        body: { concertSeatIds: [id] },
      }),
    );
    if (held.status !== 201) throw new Error(`not held: ${held.status} ${held.code}`);
    record(holds, awaited.at);
    for (let waited = 0; awaited.heard < listeners && waited < 5_000; waited += 20) await sleep(20);
    missed += listeners - awaited.heard;
  }
  for (const stream of streams) stream.destroy();
  return (
    `${changes} holds, heard by ${listeners} on ${urls.length} instances, from the request on: ${spread(latencies)}; ` +
    `answered after ${spread(holds)}; ${missed} not heard within 5 s`
  );
}

const record = (histogram: Histogram, since: number): void =>
  histogram.recordValue(Math.round((performance.now() - since) * 1_000));

const spread = (histogram: Histogram): string =>
  [50, 99, 100]
    .map((p) => `p${p} ${(histogram.getValueAtPercentile(p) / 1_000).toFixed(0)} ms`)
    .join(', ')
    .replace('p100', 'longest');

function listen(url: string, hear: (chunk: string) => void): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    httpGet(url, { agent: false }, (response) => {
      if (response.statusCode !== 200) return reject(new Error(`${url} answers ${response.statusCode}`));
      response
        .setEncoding('utf8')
        .on('data', hear)
        .on('error', () => undefined);
      response.once('data', () => resolve(response));
    }).on('error', reject);
  });
}
