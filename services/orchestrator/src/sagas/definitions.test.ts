import { describe, expect, test } from '@jest/globals';
import { oneByOne } from '../engine/definition.ts';
import { beginningBy, definitionsOf } from './definitions.ts';
import { paySaga } from './pay.ts';
import { reserveSaga } from './reserve.ts';

const pay1 = oneByOne(paySaga, 1);
const list = [paySaga, reserveSaga, pay1];

describe('definitionsOf', () => {
  test('finds the version by which a saga began', () => {
    const { find, definitionOf } = definitionsOf(list);
    expect(find({ type: 'pay', definitionVersion: 1 })).toBe(pay1);
    expect(definitionOf({ type: 'pay', definitionVersion: 2 })).toBe(paySaga);
    expect(find({ type: 'pay', definitionVersion: 3 })).toBeUndefined();
    expect(() => definitionOf({ type: 'pay', definitionVersion: 3 })).toThrow(/no definition pay@3/);
  });
});

describe('beginningBy', () => {
  test('begins by the newest version', () => {
    const by = beginningBy(list);
    expect([by('pay'), by('reserve')]).toEqual([paySaga, reserveSaga]);
  });

  test('begins by an older one where that is asked for', () => {
    const by = beginningBy(list, ['pay@1']);
    expect([by('pay'), by('reserve')]).toEqual([pay1, reserveSaga]);
  });

  test('refuses one that it does not have', () => {
    expect(() => beginningBy(list, ['pay@3'])).toThrow(/no definition pay@3 in this build/);
  });
});
