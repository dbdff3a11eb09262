/**
 * What a closed queueing network says of throughput: exact mean value analysis (Reiser, Lavenberg 1980), with a station
 * of several servers as a faster single one and a delay (Seidmann et al. 1987). Times in ms.
 */

export type Station = {
  name: string;
  /** Of its processor, for one saga, ms. */
  demandMs: number;
  /** Alike, and each as fast as this share of a core. */
  servers: number;
  share: number;
};

export type Prediction = { perSecond: number; responseMs: number; bottleneck: string };

/** @param delayMs what a saga waits for that isn't a processor: commits, the network, polls */
export function predict(stations: readonly Station[], inFlight: number, delayMs: number): Prediction {
  const queues = stations.map(({ demandMs, servers, share }) => demandMs / share / servers);
  const delays = stations.map(
    ({ demandMs, servers, share }) => (demandMs / share) * ((servers - 1) / servers),
  );
  const waiting = delayMs + delays.reduce((sum, delay) => sum + delay, 0);
  let lengths = queues.map(() => 0);
  let perMs = 0;
  let responseMs = 0;
  for (let customers = 1; customers <= inFlight; customers++) {
    const times = queues.map((serviceMs, i) => serviceMs * (1 + (lengths[i] as number)));
    responseMs = waiting + times.reduce((sum, time) => sum + time, 0);
    perMs = customers / responseMs;
    lengths = times.map((time) => time * perMs);
  }
  const slowest = queues.indexOf(Math.max(...queues));
  return { perSecond: perMs * 1_000, responseMs, bottleneck: stations[slowest]?.name ?? '' };
}
