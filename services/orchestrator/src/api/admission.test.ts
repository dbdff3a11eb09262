import { describe, expect, test } from '@jest/globals';
import { type Admit, admission, type Place } from './admission.ts';

let now = 0;
const build = (max = 1_000): Admit => {
  now = 0;
  return admission({ max, slowMs: 1_000, hangsMs: 8_000, now: () => now });
};

/** Enters as often as it is let. */
function fill(admit: Admit, type = 'pay'): Place[] {
  const places: Place[] = [];
  try {
    for (;;) places.push(admit(type));
  } catch (error) {
    expect(error).toMatchObject({ code: 'overloaded', retryAfter: 1 });
    return places;
  }
}

const settled = () => new Promise(setImmediate);

/** Lets all of them begin a saga that ends after `ms`. */
async function endAfter(ms: number, places: Place[]): Promise<void> {
  now += ms;
  for (const place of places) place.begun(async () => undefined);
  await settled();
}

describe('sagas under way', () => {
  test('are as many as there may be of each type, and no more', () => {
    const admit = build(5);
    expect(fill(admit, 'pay')).toHaveLength(5);
    expect(fill(admit, 'reserve')).toHaveLength(5);
  });

  test('give their places back when they didn’t begin, and when they are over', async () => {
    const admit = build(5);
    for (const place of fill(admit)) place.leave();
    const places = fill(admit);
    expect(places).toHaveLength(5);
    await endAfter(10, places);
    expect(fill(admit)).toHaveLength(5);
  });

  test('become more while they are fast and there is demand', async () => {
    const admit = build();
    const before = fill(admit);
    await endAfter(100, before);
    for (let i = 0; i < 20; i++) await endAfter(100, fill(admit));
    expect(fill(admit).length).toBeGreaterThan(before.length);
  });

  test('stay as many where there is no demand', async () => {
    const admit = build();
    for (let i = 0; i < 1_000; i++) await endAfter(100, [admit('pay')]);
    const later = fill(admit).length;
    expect(later).toBe(fill(build()).length);
  });

  test('become fewer when they are slow, once for all that were under way together, and never too few', async () => {
    const admit = build();
    const before = fill(admit);
    await endAfter(2_000, before);
    const after = fill(admit);
    expect(after).toHaveLength(Math.ceil(before.length * 0.8));
    let left = after;
    for (let i = 0; i < 50; i++) {
      await endAfter(2_000, left);
      left = fill(admit);
    }
    expect(left).toHaveLength(8);
  });

  test('stay as many where a few are slow', async () => {
    const admit = build();
    const before = fill(admit);
    await endAfter(100, before);
    for (let i = 0; i < 50; i++) {
      const [slow, ...quick] = [admit('pay'), admit('pay'), admit('pay'), admit('pay')];
      await endAfter(100, quick);
      await endAfter(5_000, [slow]);
    }
    expect(fill(admit).length).toBeGreaterThanOrEqual(before.length);
  });

  test('that hang make room for others, up to the most that there may be', async () => {
    const admit = build(100);
    const hang = async (places: Place[]) => {
      now += 8_000;
      for (const place of places)
        place.begun((ms) => (ms === undefined ? new Promise(() => {}) : Promise.resolve()));
      await settled();
    };
    let hanging = 0;
    for (let i = 0; i < 50; i++) {
      const places = fill(admit);
      hanging += places.length;
      await hang(places);
    }
    expect(hanging).toBe(100);
  });
});
