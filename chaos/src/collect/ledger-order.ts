import type { LedgerRow } from '../facts.ts';

/**
 * Puts a user's entries, sorted by their ids, in the order in which they were decided on. An id begins with the
 * millisecond; of two instances' entries within the same one, that comes first which continues the balance.
 */
export function inOrderOfDecision(entries: readonly LedgerRow[]): LedgerRow[] {
  const ordered: LedgerRow[] = [];
  const left = [...entries];
  let balance = 0;
  while (left.length > 0) {
    const ms = millisecond(left[0] as LedgerRow);
    let next = 0;
    while (
      next < left.length &&
      millisecond(left[next] as LedgerRow) === ms &&
      !continues(left[next], balance)
    )
      next++;
    const [entry] = left.splice(continues(left[next], balance) ? next : 0, 1) as [LedgerRow];
    ordered.push(entry);
    balance = entry.balanceAfter;
  }
  return ordered;
}

const millisecond = ({ entryId }: LedgerRow): string => entryId.slice(0, 13);

const continues = (entry: LedgerRow | undefined, balance: number): boolean =>
  entry !== undefined &&
  entry.balanceAfter === balance + (entry.kind === 'deduct' ? -entry.amount : entry.amount);
