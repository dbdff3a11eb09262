/** What a phase has done, and how long each request took. */
export type Measured = { count: number; seconds: number; ms: Float64Array; failures: Map<string, number> };

/**
 * Does `request` over and over, so many at once, until `done` says so.
 *
 * @param request resolves with nothing, or with what went wrong
 */
export async function measure(
  atOnce: number,
  done: (begun: number) => boolean,
  request: (i: number) => Promise<string | undefined>,
): Promise<Measured> {
  const ms: number[] = [];
  const failures = new Map<string, number>();
  let begun = 0;
  const startedAt = performance.now();
  const tell = setInterval(() => console.log(`    ${begun} after ${secondsSince(startedAt)} s`), 10_000);

  async function one(): Promise<void> {
    while (!done(begun)) {
      const i = begun++;
      const at = performance.now();
      const failure = await request(i);
      ms.push(performance.now() - at);
      if (failure !== undefined) failures.set(failure, (failures.get(failure) ?? 0) + 1);
    }
  }
  await Promise.all(Array.from({ length: atOnce }, one));
  clearInterval(tell);
  const seconds = (performance.now() - startedAt) / 1_000;
  return { count: ms.length, seconds, ms: Float64Array.from(ms).sort(), failures };
}

const secondsSince = (at: number): string => ((performance.now() - at) / 1_000).toFixed(0);

/** A line of the report. */
export function line(name: string, { count, seconds, ms, failures }: Measured): string {
  const at = (share: number): string => (ms[Math.floor(share * (ms.length - 1))] ?? 0).toFixed(1);
  const failed = [...failures].map(([what, times]) => `, ${times} × ${what}`).join('');
  return (
    `${name}: ${count} in ${seconds.toFixed(1)} s, ${Math.round(count / seconds)}/s, ` +
    `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms${failed}`
  );
}
