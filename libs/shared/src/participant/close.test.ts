import { expect, test } from '@jest/globals';
import { commandId } from '../contracts/protocol.ts';
import { closeSteps } from './close.ts';
import type { Stored } from './decide.ts';

const saga = { sagaId: 'saga', sagaNo: 7 };
const action = commandId('saga', 'step', 'do');
const undo = commandId('saga', 'step', 'undo');
const done: Stored = { reply: { outcome: 'done', result: {} }, events: [] };
const refused: Stored = { reply: { outcome: 'refused', code: 'no' }, events: [] };
const answered = (effect: 'none' | 'undone' | 'stands'): Stored => ({
  reply: { outcome: 'done', result: {}, effect },
  events: [],
});

const close = (inbox: [string, Stored][]) => closeSteps(new Map(inbox), { ...saga, steps: ['step'] });

test('an action that never ran never will', () => {
  expect(close([])).toEqual({
    effects: ['none'],
    rows: [
      { id: action, sagaNo: 7, stored: null },
      { id: undo, sagaNo: 7, stored: answered('none') },
    ],
  });
});

test('one that has run stands, and its compensation will not run', () => {
  expect(close([[action, done]])).toEqual({
    effects: ['stands'],
    rows: [{ id: undo, sagaNo: 7, stored: answered('stands') }],
  });
});

test('one that was refused has no effect', () => {
  expect(close([[action, refused]]).effects).toEqual(['none']);
});

test('what was undone before is found undone, and what was closed before as it was', () => {
  expect(
    close([
      [action, done],
      [undo, answered('undone')],
    ]),
  ).toEqual({ effects: ['undone'], rows: [] });
  expect(
    close([
      [action, done],
      [undo, answered('stands')],
    ]),
  ).toEqual({ effects: ['stands'], rows: [] });
});
