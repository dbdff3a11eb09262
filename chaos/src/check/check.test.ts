import { describe, expect, it } from '@jest/globals';
import type { PaymentRow } from '../facts.ts';
import { check } from './check.ts';
import { at, letter, saga } from './testing/doctor.ts';
import { bob, type Doctored, front, sagaIds, soundRun, start } from './testing/sound-run.ts';
import type { PromiseName } from './violation.ts';

const broken = (facts: Doctored): Map<PromiseName, string> =>
  new Map(check(facts).map(({ promise, what }) => [promise, what]));

it('finds nothing wrong in a sound run', () => {
  expect(check(soundRun())).toEqual([]);
});

describe('what is no violation', () => {
  it('is money that a parked saga has taken', () => {
    const facts = soundRun();
    saga(facts, sagaIds.pay, { status: 'PARKED', parkedReason: 'no answer', endedAt: null });
    (facts.tables.payments as Map<string, PaymentRow>).clear();
    expect(broken(facts).has('money')).toBe(false);
  });

  it('is a command below the floor that the inbox has forgotten', () => {
    const facts = soundRun();
    facts.tables.inboxes.balance.floor = 5;
    facts.tables.inboxes.balance.rows.clear();
    expect(broken(facts)).toEqual(new Map());
  });

  it('is poison that is among the dead letters, and an event that the external API never took', () => {
    const facts = soundRun();
    const told = `${sagaIds.pay}/payment.completed`;
    facts.messages.poison.push({ at: at('balance.commands'), why: 'data is not JSON' });
    facts.messages.deadLetters.push(
      letter({ source: at('balance.commands') }),
      letter({ source: at('payment.events'), group: 'external-api', errorClass: 'Error' }),
    );
    facts.messages.deadLettered.add(told);
    facts.deliveries.delete(told);
    expect(broken(facts)).toEqual(new Map());
  });

  it('is a request without an answer, whether or not it took effect', () => {
    const facts = soundRun();
    const silent = facts.requests.writes.find(({ key }) => key === 'hold');
    silent?.answers.splice(0);
    facts.requests.writes.push({
      operation: 'hold',
      userId: bob,
      request: { concertSeatIds: [front] },
      sentAt: start + 50,
      answers: [],
      unanswered: 1,
    });
    expect(broken(facts)).toEqual(new Map());
  });
});
