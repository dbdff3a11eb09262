import type { Facts } from './facts.ts';
import { groupBy } from './group.ts';
import { type Verdict, verdict } from './verdict.ts';

/** The same key and body gives the first answer again, also while the first is still running. */
export function repeatsAgree({ repeats }: Pick<Facts, 'repeats'>): Verdict {
  const objections = repeats.flatMap(({ of, answers: [first, second] }) =>
    first === second ? [] : [`${of}: ${first}, then ${second}`],
  );
  const detail = `${repeats.length} requests sent twice at once, each pair with one answer`;
  return verdict('One key, one answer', objections, detail);
}

export function nothingUnexpected({ unexpected }: Pick<Facts, 'unexpected'>): Verdict {
  const objections = [...groupBy(unexpected, (outcome) => outcome)].map(
    ([outcome, { length }]) => `${outcome} (${length}×)`,
  );
  return verdict('No answer out of order', objections, 'no 5xx but where a failure was asked for');
}
