import { expect, test } from '@jest/globals';
import Type from 'typebox';
import { command } from '../contracts/define.ts';
import type { CommandMessage } from '../contracts/protocol.ts';
import { action, decide } from './decide.ts';

/** The floor; what else a participant decides is tested with the services' commands. */

const count = command('balance', 'count', { key: 'id', payload: Type.Object({ id: Type.String() }) });
const handlers = new Map([
  [
    count.type,
    action(count, (state: { times: number }) => {
      state.times += 1;
      return { done: {} };
    }),
  ],
]);

const message = (sagaNo: number): CommandMessage => ({
  id: `${sagaNo}/count/do`,
  type: count.type,
  sagaId: String(sagaNo),
  sagaNo,
  step: 'count',
  action: 'do',
  payload: { id: 'x' },
});

test('a command of a saga below the floor is acknowledged, and does nothing', () => {
  const state = { times: 0 };
  const { decisions, rows } = decide(handlers, state, new Map(), 5, [message(4), message(5)]);
  expect(decisions.map(({ reply }) => reply)).toMatchObject([
    { outcome: 'refused', code: 'outdated' },
    { outcome: 'done' },
  ]);
  expect(rows.map(({ id }) => id)).toEqual(['5/count/do']);
  expect(state.times).toBe(1);
});

test('one that nobody waits for is done all the same: its saga may have ended while it was on its way', () => {
  const state = { times: 0 };
  decide(handlers, state, new Map(), 5, [{ ...message(4), oneWay: true }]);
  expect(state.times).toBe(1);
});
