import { expect, test } from '@jest/globals';
import { colours } from './colour.ts';
import { columns, fields } from './columns.ts';

test('columns are as wide as their widest cell, whatever its colour', () => {
  const { bad } = colours(true);
  expect(
    columns(
      ['id', 'status', 'why'],
      [
        ['1', bad('PARKED'), 'late'],
        ['234', 'OPEN', ''],
      ],
    ),
  ).toEqual(['ID   STATUS  WHY', `1    ${bad('PARKED')}  late`, '234  OPEN']);
});

test('fields leave out what is not there', () => {
  expect(
    fields([
      ['saga', 's1'],
      ['failure', undefined],
      ['type', 'pay'],
    ]),
  ).toEqual(['saga  s1', 'type  pay']);
});
