import type { Money } from '@holdfast/client/types';

/** How numbers, money and times are written in a language. */
export type Format = {
  number: (value: number) => string;
  money: (money: Money) => string;
  /** Digits after a currency's point: amounts are in minor units, of which the won has none and the euro a hundred. */
  digits: (currency: string) => number;
  /** A moment, to the minute. */
  moment: (iso: string) => string;
  /** The same, for a table. */
  short: (iso: string) => string;
  clock: (iso: string) => string;
  /** `4:05` */
  left: (ms: number) => string;
  /** A time that is only known roughly. */
  about: (ms: number) => string;
};

export function formatIn(locale: string): Format {
  const numbers = new Intl.NumberFormat(locale);
  const moments = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short' });
  const shorts = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const clocks = new Intl.DateTimeFormat(locale, { timeStyle: 'short' });
  const currencies = new Map<string, Intl.NumberFormat>();

  function currencyFormat(currency: string): Intl.NumberFormat {
    let format = currencies.get(currency);
    if (!format) {
      format = new Intl.NumberFormat(locale, { style: 'currency', currency });
      currencies.set(currency, format);
    }
    return format;
  }

  const digits = (currency: string) => currencyFormat(currency).resolvedOptions().maximumFractionDigits ?? 0;

  const unit = (value: number, name: 'second' | 'minute' | 'hour') =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'long' }).format(value);

  return {
    number: (value) => numbers.format(value),
    money: ({ amount, currency }) => currencyFormat(currency).format(amount / 10 ** digits(currency)),
    digits,
    moment: (iso) => moments.format(new Date(iso)),
    short: (iso) => shorts.format(new Date(iso)),
    clock: (iso) => clocks.format(new Date(iso)),
    left: (ms) => {
      const seconds = Math.max(0, Math.ceil(ms / 1_000));
      return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
    },
    about: (ms) => {
      const seconds = Math.max(1, Math.round(ms / 1_000));
      if (seconds < 90) return unit(seconds, 'second');
      const minutes = Math.round(seconds / 60);
      return minutes < 90 ? unit(minutes, 'minute') : unit(Math.round(minutes / 60), 'hour');
    },
  };
}
