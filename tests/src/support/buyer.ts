import type { Browser, Page } from 'playwright-core';
import { type WatchedPage, watchedPage } from './browser.ts';
import { newUser, type User } from './client.ts';

/** The buyer's page in a real browser. */

export type Buyer = { user: User; page: WatchedPage };

/** A new user at an address of the page, signed in. */
export async function openBuyer(
  browser: Browser,
  url: string,
  path: string,
  { locale = 'en-US', charged = 1_000_000 } = {},
): Promise<Buyer> {
  const user = await newUser(url, charged);
  const page = await watchedPage(browser, locale);
  await page.addInitScript((token) => {
    if (!sessionStorage.getItem('signed-in')) sessionStorage.setItem('holdfast.buyer-token', token);
    sessionStorage.setItem('signed-in', 'once');
  }, user.accessToken);
  await page.goto(url + path);
  return { user, page };
}

export type Hall = { concertId: string; performanceId: string; path: string };

/** A performance with seats of its own, so that tests don't take each other's. */
export async function newHall(
  sql: (text: string, values?: unknown[]) => Promise<unknown[]>,
  { sections = ['A', 'B'], rows = 3, seats = 10 } = {},
): Promise<Hall> {
  const [made] = (await sql(
    `with hall as (
       insert into reservation.performance (performance_id, concert_id, starts_at)
       select gen_random_uuid(), concert_id, now() + interval '90 days' from reservation.concert order by title limit 1
       returning performance_id, concert_id
     ), seat as (
       insert into reservation.concert_seat
         (concert_seat_id, performance_id, section, row, number, price_amount, currency)
       select gen_random_uuid(), performance_id, section, row, number, 99000, 'KRW'
       from hall, unnest($1::text[]) as section, generate_series(1, $2) as row, generate_series(1, $3) as number
     )
     select concert_id as "concertId", performance_id as "performanceId" from hall`,
    [sections, rows, seats],
  )) as [Omit<Hall, 'path'>];
  return { ...made, path: `/concerts/${made.concertId}/performances/${made.performanceId}` };
}

/** A seat in the list, by its place alone, however it stands. */
export const seatButton = (page: Page, place: string) =>
  page.getByRole('button', { name: new RegExp(`^${place},`) });

/** Presses Tab until what has the focus is called so, as somebody without a mouse does. */
export async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement as HTMLInputElement | null;
      return (
        element?.getAttribute('aria-label') ?? element?.labels?.[0]?.textContent ?? element?.textContent ?? ''
      );
    });
    if (name.test(focused.trim())) return;
  }
  throw new Error(`The keyboard does not get to ${name}`);
}

/** When a text comes up on a page, in ms since the epoch: seen by the page itself, in the moment in which it changes. */
export const momentOf = (page: Page, text: string): Promise<number> =>
  page.evaluate(
    (text) =>
      new Promise<number>((resolve) => {
        const look = () => {
          if (!document.body.textContent?.includes(text)) return;
          observer.disconnect();
          resolve(Date.now());
        };
        const observer = new MutationObserver(look);
        observer.observe(document.body, { subtree: true, childList: true, characterData: true });
        look();
      }),
    text,
  );
