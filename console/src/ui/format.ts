/** How values are written: the same everywhere, with digits that stand below each other. */

const whole = new Intl.NumberFormat('en');
const oneDecimal = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

export const count = (value: number): string => whole.format(value);

export const perSecond = (value: number): string =>
  value >= 100 ? whole.format(Math.round(value)) : oneDecimal.format(value);

export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

/** A length of time, in the unit that shows it best. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const s = ms / 1_000;
  if (s < 60) return `${s.toFixed(s < 10 ? 2 : 1)} s`;
  const minutes = Math.floor(s / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(s % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} days`;
}

/** How long ago, coarsely. */
export function ago(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1_000));
  if (s < 60) return `${s} s ago`;
  if (s < 3_600) return `${Math.floor(s / 60)} min ago`;
  if (s < 48 * 3_600) return `${Math.floor(s / 3_600)} h ago`;
  return `${Math.floor(s / 86_400)} days ago`;
}

/** Local date and time, to the second. */
export function dateTime(at: string): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} ${clock(at)}`;
}

/** Local time of day, to the second. */
export function clock(at: string): string {
  const date = new Date(at);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

export const clockMs = (at: string): string =>
  `${clock(at)}.${String(new Date(at).getMilliseconds()).padStart(3, '0')}`;

/** An amount in minor units, in the currency's own units. */
export function money({ amount, currency }: { amount: number; currency: string }): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'code' });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 0));
}

export function bytes(value: number): string {
  return value < 1_024 ? plural(value, 'byte') : `${(value / 1_024).toFixed(1)} KiB`;
}

/** The part of an id in which ids of one time differ. */
export const shortId = (id: string): string => (id.length > 14 ? `…${id.slice(-12)}` : id);

const pad = (value: number) => String(value).padStart(2, '0');
