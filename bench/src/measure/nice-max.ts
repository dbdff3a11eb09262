/** The next 1, 2 or 5 times a power of ten: where an axis ends. */
export function niceMax(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return ([1, 2, 5, 10].find((n) => n * power >= value) as number) * power;
}
