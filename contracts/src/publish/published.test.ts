import { expect, test } from '@jest/globals';
import { contracts } from '../events.ts';
import { breakingChanges } from './compatible.ts';
import { readPublished } from './files.ts';
import { current } from './schemas.ts';

test('what the services publish now breaks nobody who knows what was published last', () => {
  expect(breakingChanges(readPublished(), current)).toEqual([]);
});

test('the package ships what was published', () => {
  expect(contracts).toEqual(readPublished());
});

test('every event is published', () => {
  expect(Object.keys(readPublished())).toEqual(expect.arrayContaining(Object.keys(current)));
});
