import type { EventOf, HoldfastEvent } from '@holdfast/contracts';

/** What an event means here. Behind this file nobody knows how events look, or in which versions they come. */
export type Change = {
  /** UTC. */
  day: string;
  currency: string;
  sold: number;
  /** In minor units of the currency. */
  revenue: number;
};

/** By type: those that matter here, each version of them. */
export const translations: { readonly [type: string]: ((event: never) => Change) | undefined } = {
  'payment.completed': ({ time, data: { price } }: EventOf<'payment.completed'>): Change => ({
    day: dayOf(time),
    currency: price.currency,
    sold: 1,
    revenue: price.amount,
  }),
  /** Of the day on which it is given back. */
  'payment.refunded': ({ time, data: { price } }: EventOf<'payment.refunded'>): Change => ({
    day: dayOf(time),
    currency: price.currency,
    sold: -1,
    revenue: -price.amount,
  }),
};

export const dayOf = (time: string): string => new Date(time).toISOString().slice(0, 10);

/**
 * What an event tells of, whichever version of it comes first: while two versions are published, the newer one names the
 * older one's id.
 */
export const factOf = ({ id, extensions }: Pick<HoldfastEvent, 'id' | 'extensions'>): string =>
  extensions.supersedes ?? id;
