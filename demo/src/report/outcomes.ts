import type { Journal } from '../journal.ts';
import type { SagaFacts } from '../verdicts/facts.ts';
import { groupBy } from '../verdicts/group.ts';

/** How often each step was answered how, in the order in which the steps were first taken. */
export function outcomeRows({ answers }: Pick<Journal, 'answers'>): string[][] {
  return [...groupBy(answers, ({ step }) => step)].flatMap(([step, ofStep]) =>
    byCount(ofStep, ({ outcome, expected }) => (expected ? outcome : `${outcome}  ← unexpected`)).map(
      ([outcome, count], i) => [i === 0 ? step : '', String(count), outcome],
    ),
  );
}

/** How the sagas ended, and what made those fail that were compensated. */
export function sagaRows(sagas: readonly SagaFacts[]): string[][] {
  return [...groupBy(sagas, ({ type }) => type)].flatMap(([type, ofType]) =>
    byCount(ofType, ({ status, failure }) =>
      [status ?? 'not to be had', failure].filter(Boolean).join(' '),
    ).map(([ending, count], i) => [i === 0 ? type : '', String(count), ending]),
  );
}

function byCount<Item>(items: readonly Item[], keyOf: (item: Item) => string): [string, number][] {
  return [...groupBy(items, keyOf)]
    .map(([key, { length }]): [string, number] => [key, length])
    .sort(([, a], [, b]) => b - a);
}
