/** How things are said in a terminal. */

/** How long ago, or how long something takes: in the two largest units. */
export function duration(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1_000));
  if (s < 60) return `${s} s`;
  if (s < 3_600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  if (s < 86_400) return `${Math.floor(s / 3_600)} h ${Math.floor((s % 3_600) / 60)} min`;
  return `${Math.floor(s / 86_400)} d ${Math.floor((s % 86_400) / 3_600)} h`;
}

export const ago = (time: string, now = Date.now()): string => duration(now - Date.parse(time));

/** Minor units as they are: how many of them make a unit differs by currency. */
export const money = ({ amount, currency }: { amount: number; currency: string }): string =>
  `${amount.toLocaleString('en')} ${currency} (minor units)`;

export const count = (n: number, one: string, many = `${one}s`): string =>
  `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

/** On one line, and not longer than so many characters. */
export function short(text: string, length: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}
