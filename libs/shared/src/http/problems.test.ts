import { describe, expect, test } from '@jest/globals';
import { problem, problemBody, problemResponses } from './problems.ts';

describe('problems', () => {
  test('a problem carries its status, and its body names its type', () => {
    const taken = problem('seat-taken', 'Row 3 is sold out.', { retryAfter: 2, extra: { seat: 7 } });
    expect(taken).toMatchObject({ message: 'Row 3 is sold out.', status: 409, retryAfter: 2 });
    expect(problemBody(taken)).toEqual({
      type: 'https://holdfast.dev/problems/seat-taken',
      title: 'A seat is held or sold',
      status: 409,
      code: 'seat-taken',
      detail: 'Row 3 is sold out.',
      seat: 7,
    });
    expect(problemBody(problem('internal'))).not.toHaveProperty('detail');
  });

  test('responses are documented by status, with the codes that each may have', () => {
    const responses = problemResponses('seat-taken', 'validation', 'seat-locked') as Record<
      number,
      // biome-ignore lint/suspicious/noExplicitAny: deep looks into an OpenAPI response
      any
    >;
    expect(Object.keys(responses)).toEqual(['400', '409']);
    expect(responses[409].description).toBe('Conflict: seat-taken, seat-locked');
    expect(responses[409].content['application/problem+json'].schema.properties.code).toMatchObject({
      enum: ['seat-taken', 'seat-locked'],
    });
  });
});
