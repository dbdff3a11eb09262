import { describe, expect, it } from '@jest/globals';
import type { Answer } from './client.ts';
import { isFinal, persist } from './persist.ts';

const answer = (status: number, code = '', body = {}): Answer => ({
  step: 'pay',
  status,
  outcome: `${status} ${code}`.trim(),
  expected: true,
  body,
  ok: status >= 200 && status < 300,
  retryAfterMs: 0,
  ms: 1,
  fault: undefined,
});

/** Answers one after the other. */
function answering(...answers: Answer[]) {
  const left = [...answers];
  return async (): Promise<Answer> => left.shift() ?? answer(418);
}

describe('a final answer', () => {
  it.each([
    [answer(201), true],
    [answer(402, 'insufficient-balance'), true],
    [answer(503, 'saga-compensated'), true],
    [answer(202), false],
    [answer(0), false],
    [answer(429, 'overloaded'), false],
    [answer(500, 'internal'), false],
    [answer(503, 'unavailable'), false],
  ])('%j: %s', (given, final) => expect(isFinal(given)).toBe(final));
});

describe('persist', () => {
  it('sends again after no answer at all and after an overload', async () => {
    const got = await persist(answering(answer(0), answer(503, 'overloaded'), answer(201)));
    expect(got.outcome).toBe('201');
  });

  it('takes a refusal for final, unless told to try again after it', async () => {
    const answers = [answer(409, 'seat-locked'), answer(201)];
    expect((await persist(answering(...answers))).outcome).toBe('409 seat-locked');
    expect((await persist(answering(...answers), { again: ['409 seat-locked'] })).outcome).toBe('201');
  });

  it('asks anew for the answer once the saga of a 202 has ended', async () => {
    const ended: string[] = [];
    const got = await persist(answering(answer(202, '', { sagaId: 'saga-1' }), answer(201)), {
      ended: async (sagaId) => ended.push(sagaId) > 0,
    });
    expect([got.outcome, ended]).toEqual(['201', ['saga-1']]);
  });

  it('leaves it at the 202 when the saga does not end', async () => {
    const pending = answer(202, '', { sagaId: 'saga-1' });
    expect((await persist(answering(pending, answer(201)), { ended: async () => false })).outcome).toBe(
      '202',
    );
  });
});
