import { styleText } from 'node:util';
import { type PromiseName, promises, type Violation } from '../check/violation.ts';
import type { Facts, Requests } from '../facts.ts';
import { groupBy } from '../group-by.ts';
import { costOfFaults } from './recovery.ts';
import { table } from './table.ts';

/** The run as text: what was done to it, what it did, and what was broken. */
export function report(facts: Facts, violations: readonly Violation[]): string[] {
  const { requests, tables, messages } = facts;
  return [
    ...section('Faults', faultRows(requests)),
    ...section('Requests', requestRows(requests)),
    ...section('Sagas', sagaRows([...tables.sagas.values()])),
    ...section('Messages', topicRows(messages)),
    ...section('Dead letters', letterRows(messages)),
    ...section('Promises', verdictRows(violations)),
    ...details(violations),
  ];
}

const section = (title: string, rows: readonly (readonly string[])[]): string[] =>
  rows.length === 0 ? [] : ['', styleText('bold', title), ...table(rows)];

function faultRows(requests: Requests): string[][] {
  const kinds = costOfFaults(requests);
  if (kinds.length === 0) return [];
  return [
    ['kind', 'times', 'longest outage', 'recovered', 'median', 'longest'],
    ...kinds.map(({ fault, count, longestOutageMs, recoveriesMs }) => [
      fault,
      number(count),
      seconds(longestOutageMs),
      number(recoveriesMs.length),
      seconds(recoveriesMs[Math.floor(recoveriesMs.length / 2)]),
      seconds(recoveriesMs.at(-1)),
    ]),
  ];
}

/** How each request was answered in the end: a success counts before a refusal, a refusal before silence. */
function requestRows({ writes, reads, seatReads }: Requests): string[][] {
  const outcomes = counted(
    writes.map(({ operation, answers }) => {
      const last = answers.find(({ status }) => status === 201) ?? answers.at(-1);
      return `${operation}\t${last ? `${last.status} ${last.body?.code ?? ''}`.trim() : 'no answer'}`;
    }),
  );
  const looked = counted([
    ...reads.map(({ operation, answer }) => `${operation}\t${answer.status}`),
    ...seatReads.map(() => 'read-seats\t200'),
  ]);
  return [...outcomes, ...looked].map(([name, count]) => {
    const [operation = '', outcome = ''] = name.split('\t');
    return [operation, number(count), outcome];
  });
}

const sagaRows = (sagas: Facts['tables']['sagas'] extends ReadonlyMap<string, infer Row> ? Row[] : never) => [
  ...counted(
    sagas.map(({ type, status, failure }) => `${type}\t${status} ${failure?.code ?? ''}`.trim()),
  ).map(([name, count]) => {
    const [type = '', end = ''] = name.split('\t');
    return [type, number(count), end];
  }),
  ['in all', number(sagas.length)],
];

function topicRows({ topics, poison }: Facts['messages']): string[][] {
  const bad = new Map(counted(poison.map(({ at }) => at.topic)));
  return [
    ['topic', 'records', 'duplicates absorbed', 'poison'],
    ...topics.map(({ topic, records, copies }) => [
      topic,
      number(records),
      number(copies),
      number(bad.get(topic) ?? 0),
    ]),
    [
      'in all',
      number(topics.reduce((sum, { records }) => sum + records, 0)),
      number(topics.reduce((sum, { copies }) => sum + copies, 0)),
      number(poison.length),
    ],
  ];
}

const letterRows = ({ deadLetters }: Facts['messages']): string[][] =>
  counted(deadLetters.map(({ at, group, errorClass }) => `${at.topic}\t${group || '–'}\t${errorClass}`)).map(
    ([name, count]) => {
      const [topic = '', group = '', error = ''] = name.split('\t');
      return [topic, number(count), group, error];
    },
  );

const verdictRows = (violations: readonly Violation[]): string[][] =>
  Object.entries(promises).map(([name, promise]) => {
    const broken = violations.filter((violation) => violation.promise === name).length;
    return [broken === 0 ? '✔' : '✖', promise, broken === 0 ? '' : number(broken)];
  });

const shownOfEach = 10;

function details(violations: readonly Violation[]): string[] {
  if (violations.length === 0) return ['', styleText('green', 'No violation.')];
  return [...groupBy(violations, ({ promise }) => promise)].flatMap(([promise, ofPromise]) => [
    '',
    styleText('red', `${promises[promise as PromiseName]}: ${ofPromise.length} violations`),
    ...ofPromise
      .slice(0, shownOfEach)
      .map(({ what, ids, look }) => `  ${what}\n    ${ids.filter(Boolean).join(' ')}\n    look at ${look}`),
    ...(ofPromise.length > shownOfEach ? [`  … and ${ofPromise.length - shownOfEach} more`] : []),
  ]);
}

function counted(names: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}

const number = (value: number): string => value.toLocaleString('en');
const seconds = (ms: number | undefined): string => (ms === undefined ? '–' : `${(ms / 1_000).toFixed(1)} s`);
