import { describe, expect, test } from '@jest/globals';
import { beginningBy, definitionsOf } from './definitions.ts';
import { paySaga } from './pay.ts';
import { reserveSaga } from './reserve.ts';

const pay2 = { ...paySaga, version: 2 };
const list = [pay2, reserveSaga, paySaga];

describe('definitionsOf', () => {
  test('finds the version by which a saga began', () => {
    const { find, definitionOf } = definitionsOf(list);
    expect(find({ type: 'pay', definitionVersion: 1 })).toBe(paySaga);
    expect(definitionOf({ type: 'pay', definitionVersion: 2 })).toBe(pay2);
    expect(find({ type: 'pay', definitionVersion: 3 })).toBeUndefined();
    expect(() => definitionOf({ type: 'pay', definitionVersion: 3 })).toThrow(/no definition pay@3/);
  });
});

describe('beginningBy', () => {
  test('begins by the newest version', () => {
    const by = beginningBy(list);
    expect([by('pay'), by('reserve')]).toEqual([pay2, reserveSaga]);
  });

  test('begins by an older one where that is asked for', () => {
    const by = beginningBy(list, ['pay@1']);
    expect([by('pay'), by('reserve')]).toEqual([paySaga, reserveSaga]);
  });

  test('refuses one that it does not have', () => {
    expect(() => beginningBy(list, ['pay@3'])).toThrow(/no definition pay@3 in this build/);
  });
});
