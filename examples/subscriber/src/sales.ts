import { type Seen, see } from './seen.ts';
import { type Change, factOf, translations } from './translate.ts';

/** Sales by day and currency. */
export type Sales = Record<string, Record<string, { sold: number; revenue: number }>>;

type AnyEvent = { id: string; type: string; extensions: Record<string, string> };

/** Counts an event once, however often it comes; one that means nothing here changes nothing. */
export function count(
  { sales, seen }: { sales: Sales; seen: Seen },
  event: AnyEvent,
  translate: { readonly [type: string]: ((event: never) => Change) | undefined } = translations,
): void {
  const change = translate[event.type]?.(event as never);
  if (!change || !see(seen, factOf(event))) return;
  sales[change.day] ??= {};
  const day = sales[change.day] as Sales[string];
  const { sold, revenue } = day[change.currency] ?? { sold: 0, revenue: 0 };
  day[change.currency] = { sold: sold + change.sold, revenue: revenue + change.revenue };
}
