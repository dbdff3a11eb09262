import { InvalidArgumentError, Option } from 'commander';

/** How arguments are read. What can't be read is an error of usage. */

export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError('A whole number from 1 on is expected.');
  return value;
}

export const wholeNumbers = (text: string, before: number[] = []): number[] => [...before, wholeNumber(text)];

const units: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A time (RFC 3339), or how long ago: `90s`, `30m`, `2h`, `1d`. @returns RFC 3339 */
export function time(text: string): string {
  const [, n, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const at = unit === undefined ? Date.parse(text) : Date.now() - Number(n) * (units[unit] as number);
  if (Number.isNaN(at))
    throw new InvalidArgumentError(
      'A time such as 2026-11-24T03:00:00Z, or 90s, 30m, 2h, 1d ago, is expected.',
    );
  return new Date(at).toISOString();
}

/** For `addOption`: any of these, several with commas between. */
export const listOption = (flags: string, description: string, choices: readonly string[]): Option =>
  new Option(flags, `${description} (${choices.join(', ')}; several with commas between)`).argParser(
    (text: string): string[] => {
      const chosen = text.split(',').map((one) => one.trim().toUpperCase());
      for (const one of chosen)
        if (!choices.includes(one)) throw new InvalidArgumentError(`There is no ${one}.`);
      return chosen;
    },
  );
