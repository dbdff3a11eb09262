import { expect, test } from '@jest/globals';
import { answerOf } from './load.ts';

test.each([
  [201, '{"paymentId":"1"}', { kind: 'done', code: '201' }],
  [409, '{"code":"seat-taken"}', { kind: 'refused', code: 'seat-taken' }],
  [503, '{"code":"saga-compensated"}', { kind: 'refused', code: 'saga-compensated' }],
  [503, '{"code":"overloaded"}', { kind: 'again', code: 'overloaded' }],
  [429, '{"code":"too-many-requests"}', { kind: 'again', code: 'too-many-requests' }],
  [202, '{"sagaId":"1","status":"RUNNING"}', { kind: 'again', code: '202' }],
  [502, 'Bad Gateway', { kind: 'again', code: '502' }],
])('%d %s', (status, body, answer) => {
  expect(answerOf(status, body)).toEqual(answer);
});
