import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Browser, Locator } from 'playwright-core';
import {
  desk,
  launchBrowser,
  overflowOf,
  screenshot,
  telephone,
  violationsIn,
  type WatchedPage,
  watchedPage,
} from './support/browser.ts';
import { type Hall, newHall, openBuyer, seatButton, tabTo } from './support/buyer.ts';
import { eventually } from './support/eventually.ts';
import { startTestSystem, type TestSystem } from './support/system.ts';

/** How the buyer's page is: reachable, readable, in both languages. */

let system: TestSystem;
let browser: Browser;
let hall: Hall;

beforeAll(async () => {
  browser = await launchBrowser();
  system = await startTestSystem('buyer-pages');
  hall = await newHall(system.sql, { sections: ['A', 'B', 'C', 'D', 'E'], rows: 12, seats: 24 });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await system?.stop();
}, 60_000);

const pages: WatchedPage[] = [];
beforeEach(async () => {
  for (const page of pages.splice(0)) await page.context().close();
});

const focused = (page: WatchedPage) => page.evaluate(() => document.activeElement?.textContent);
/** It moves in an effect, which is a moment after what it moves to is there. */
const focusIsOn = (page: WatchedPage, text: RegExp) =>
  eventually(async () => expect(await focused(page)).toMatch(text));

test('the keyboard is enough, from the concert to the ticket and back', async () => {
  const page = await watchedPage(browser);
  pages.push(page);
  await page.goto(`${system.url}/`);
  await page.getByRole('link', { name: /\d{4}/ }).first().waitFor();
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('Skip to the page');

  await tabTo(page, /\d{4} at /);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Make a user and sign in' }).waitFor();
  await focusIsOn(page, /^Sign in$/);
  await tabTo(page, /^Make a user/);
  await page.keyboard.press('Enter');
  await page.getByText('Live', { exact: true }).waitFor();
  await focusIsOn(page, /^Choose your seats$/);

  // A list of sections, one of rows, and the seats of a row, of which one is in the order of tabs.
  await tabTo(page, /^Section$/);
  await page.keyboard.press('ArrowDown');
  await tabTo(page, /^Section B, row 1, seat/);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await eventually(async () =>
    expect(await focusedLabel(page)).toMatch(/^Section B, row 2, seat 2, .* free$/),
  );
  await page.keyboard.press('Enter');
  await page.getByRole('status').getByText('B 2-2 chosen').waitFor();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Space');
  await tabTo(page, /^Hold these 2 seats$/);
  await page.keyboard.press('Enter');

  await page.getByRole('heading', { name: 'Pay for your seats' }).waitFor();
  await focusIsOn(page, /^Pay for your seats$/);
  await page.getByRole('button', { name: 'Charge' }).waitFor();
  await tabTo(page, /^Charge$/);
  await page.keyboard.press('Enter');
  await page
    .getByRole('status')
    .getByText(/charged$/)
    .waitFor();
  // It goes there by itself, once the balance is known and it can be pressed.
  await focusIsOn(page, /^Pay ₩/);
  await page.keyboard.press('Enter');

  await page.getByRole('heading', { name: 'Your ticket' }).waitFor();
  await focusIsOn(page, /^Your ticket$/);
  await tabTo(page, /^Refund this ticket$/);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await focusIsOn(page, /^Refund this ticket$/);
  await page.keyboard.press('Enter');
  await tabTo(page, /^Yes, refund it$/);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Refunded' }).waitFor();
  await focusIsOn(page, /^Refunded$/);
  expect(page.complaints).toEqual([]);
}, 120_000);

const focusedLabel = (page: WatchedPage) =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label'));

test('every page is accessible and fits, in both languages, light and dark, on a desk and on a telephone', async () => {
  for (const words of [english, korean]) {
    const { page } = await openBuyer(browser, system.url, '/', { locale: words.locale });
    pages.push(page);
    const places: [name: string, isThere: Locator, next: () => Promise<unknown>][] = [
      ['concerts', page.getByRole('heading', { level: 2 }).first(), () => page.goto(system.url + hall.path)],
      [
        'seats',
        page.getByText(words.live, { exact: true }),
        async () => {
          await seatButton(page, words.seat(words.number)).click();
          await seatButton(page, words.seat(words.number + 1)).click();
        },
      ],
      [
        'chosen',
        page.getByRole('button', { name: words.hold }),
        () => page.getByRole('button', { name: words.hold }).click(),
      ],
      [
        'checkout',
        page.getByRole('button', { name: words.pay }),
        () => page.getByRole('button', { name: words.pay }).click(),
      ],
      [
        'ticket',
        page.getByRole('button', { name: words.refund }),
        () => page.getByRole('link', { name: words.balance }).click(),
      ],
      [
        'balance',
        page.getByRole('row').nth(2),
        () => page.getByRole('link', { name: words.mySeats }).click(),
      ],
      [
        'reservations',
        page.getByRole('heading', { level: 2 }),
        () => page.getByRole('button', { name: words.out }).click(),
      ],
      ['sign-in', page.getByRole('button', { name: words.make }), async () => undefined],
    ];
    for (const [name, isThere, next] of places) {
      await isThere.waitFor();
      expect(await page.evaluate(() => document.documentElement.lang)).toBe(words.code);
      await lookAt(page, name, words.code);
      await page.setViewportSize(desk);
      await next();
    }
    expect(page.complaints).toEqual([]);
  }
}, 600_000);

/** In every size and colour. */
async function lookAt(page: WatchedPage, name: string, code: string): Promise<void> {
  for (const size of [desk, telephone])
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme });
      const seen = { name, code, colorScheme, width: size.width };
      // Of all that is checked, only the contrast changes with the colours.
      const violations = await violationsIn(page, colorScheme === 'dark' ? ['color-contrast'] : undefined);
      expect({ ...seen, violations, overflow: await overflowOf(page) }).toEqual({
        ...seen,
        violations: [],
        overflow: 0,
      });
      const variant = `${size === telephone ? '-telephone' : ''}${colorScheme === 'dark' ? '-dark' : ''}`;
      await screenshot(page, `${name}-${code}${variant}`, 'buyer-page');
    }
}

test('the language is that of the browser until another is chosen, and stays chosen', async () => {
  const { page } = await openBuyer(browser, system.url, '/', { locale: 'ko-KR' });
  pages.push(page);
  await page.getByRole('heading', { name: '공연을 선택하세요' }).waitFor();
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { name: 'Choose a concert' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Choose a concert' }).waitFor();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
});

const english = {
  code: 'en',
  locale: 'en-US',
  number: 1,
  live: 'Live',
  seat: (number: number) => `Section A, row 1, seat ${number}`,
  hold: 'Hold these 2 seats',
  pay: /^Pay /,
  refund: 'Refund this ticket',
  balance: 'Balance',
  mySeats: 'My seats',
  out: 'Sign out',
  make: 'Make a user and sign in',
};

const korean: typeof english = {
  code: 'ko',
  locale: 'ko-KR',
  number: 11,
  live: '실시간',
  seat: (number) => `A구역 1열 ${number} 번`,
  hold: '2석 선점하기',
  pay: /결제$/,
  refund: '티켓 환불',
  balance: '잔액',
  mySeats: '내 좌석',
  out: '로그아웃',
  make: '사용자를 만들고 로그인',
};
