import { describe, expect, it } from '@jest/globals';
import type { DeadLetter, ReservationRow, SagaRow, SeatRow } from '../../facts.ts';
import { check } from '../check.ts';
import type { PromiseName } from '../violation.ts';
import { type Doctored, soundRun } from './sound-run.ts';

/** What is done to a sound run, and what the check then has to say. */
type Doctoring = [what: string, doctor: (facts: Doctored) => void, found: RegExp];

/** Shows that a check can fail: in each of the doctored runs it finds what is wrong. */
export function testFindings(promise: PromiseName, doctorings: Doctoring[]): void {
  describe(`the check of ${promise}`, () => {
    it.each(doctorings)('finds %s', (_, doctor, found) => {
      const facts = soundRun();
      doctor(facts);
      const told = check(facts).filter((violation) => violation.promise === promise);
      expect(told.map(({ what }) => what).join('\n')).toMatch(found);
    });
  });
}

export const assign = (object: object | undefined, changes: object): void => {
  if (!object) throw new Error('there is nothing to doctor');
  Object.assign(object, changes);
};

export const change = <Row>(rows: Map<string, Row>, id: string, changes: Partial<Row>): void => {
  rows.set(id, { ...(rows.get(id) as Row), ...changes });
};

export const saga = ({ tables }: Doctored, id: string, changes: Partial<SagaRow>): void =>
  change(tables.sagas, id, changes);

export const seat = ({ tables }: Doctored, id: string, changes: Partial<SeatRow>): void =>
  change(tables.seats as Map<string, SeatRow>, id, changes);

export const reservation = ({ tables }: Doctored, id: string, changes: Partial<ReservationRow>): void =>
  change(tables.reservations, id, changes);

/** The `which`th answer to the request with a key. */
export function answerOf({ requests }: Doctored, key: string, which = 0) {
  const request = requests.writes.find((one) => one.key === key);
  return request?.answers[which] as { status: number; body: Record<string, unknown> };
}

export const first = <Item>(items: readonly Item[]): Item => items[0] as Item;

export const at = (topic: string) => ({ topic, partition: 0, offset: '5' });

export const letter = (changes: Partial<DeadLetter>): DeadLetter => ({
  at: at('balance.commands.dlq'),
  source: undefined,
  group: 'balance',
  errorClass: 'Poison',
  error: 'data is not JSON',
  faithful: true,
  ...changes,
});
