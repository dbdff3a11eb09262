import { build, type Histogram } from 'hdr-histogram-js';

/** Latencies from a microsecond to two minutes, to three digits. */
export const latencies = (): Histogram =>
  build({ lowestDiscernibleValue: 1, highestTrackableValue: 120_000_000, numberOfSignificantValueDigits: 3 });

export const recordMs = (histogram: Histogram, ms: number): void =>
  histogram.recordValue(Math.min(120_000_000, Math.max(1, Math.round(ms * 1_000))));

export const percentileMs = (histogram: Histogram, percentile: number): number =>
  histogram.getValueAtPercentile(percentile) / 1_000;
