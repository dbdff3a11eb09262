type Scale = { width: number; height: number; length: number; maximum: number };

/** An SVG path through the values, the newest at the right edge; it breaks where one is missing. */
export function linePath(values: readonly (number | undefined)[], scale: Scale): string {
  const { width, height, length, maximum } = scale;
  const step = width / (length - 1);
  const offset = length - values.length;
  let path = '';
  let joined = false;
  for (const [index, value] of values.entries()) {
    if (value === undefined) {
      joined = false;
      continue;
    }
    const x = round((offset + index) * step);
    const y = round(height - (value / maximum) * height);
    path += `${joined ? 'L' : 'M'}${x} ${y}`;
    // A value alone would be no line at all.
    if (!joined) path += 'h.01';
    joined = true;
  }
  return path;
}

/** A round number that no value exceeds: the axis is read at a glance, and seldom changes. */
export function niceMaximum(values: readonly (number | undefined)[]): number {
  const highest = Math.max(1, ...values.map((value) => value ?? 0));
  const power = 10 ** Math.floor(Math.log10(highest));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= highest) ?? 10;
  return step * power;
}

const round = (value: number) => Math.round(value * 100) / 100;
