import { styleText } from 'node:util';
import type { Journal } from '../journal.ts';
import type { SagaFacts } from '../verdicts/facts.ts';
import type { Verdict } from '../verdicts/verdict.ts';
import { latencyRows } from './latency.ts';
import { outcomeRows, sagaRows } from './outcomes.ts';
import { table } from './table.ts';

/** The run as text: what happened first, then whether the promises were kept. */
export function report(
  journal: Journal,
  sagas: readonly SagaFacts[],
  verdicts: readonly Verdict[],
): string[] {
  return [
    ...section('Answers', table(outcomeRows(journal))),
    ...section('Sagas', table(sagaRows(sagas))),
    ...section('Latency of what succeeded', table(latencyRows(journal))),
    ...section('Verdicts', verdictLines(verdicts)),
  ];
}

const section = (title: string, lines: readonly string[]): string[] => [
  '',
  styleText('bold', title),
  ...lines,
];

/** Coloured after they are set in columns: escape codes have no width. */
function verdictLines(verdicts: readonly Verdict[]): string[] {
  const lines = table(verdicts.map((verdict) => [mark(verdict), verdict.claim, verdict.detail]));
  return lines.map((line, i) => styleText(colour(verdicts[i] as Verdict), line));
}

const mark = ({ holds }: Verdict): string => (holds === undefined ? '?' : holds ? '✔' : '✖');

const colour = ({ holds }: Verdict): 'yellow' | 'green' | 'red' =>
  holds === undefined ? 'yellow' : holds ? 'green' : 'red';
