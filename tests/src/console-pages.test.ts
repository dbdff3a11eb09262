import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import {
  desk,
  launchBrowser,
  openConsole,
  overflowOf,
  screenshot,
  telephone,
  violationsIn,
  type WatchedPage,
} from './support/browser.ts';
import { hold, newUser, type Seat } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { newOperator, type TestOperator } from './support/operator.ts';
import { parkedPayment, poison } from './support/stuck.ts';
import { startTestSystem, type TestSystem } from './support/system.ts';

/** How the console's pages are: reachable, readable, at rest. */

let system: TestSystem;
let browser: Browser;
let nextSeat: () => Seat;
let parked: Awaited<ReturnType<typeof parkedPayment>>;
let letter: { letterId: number; errorGroup: string };

beforeAll(async () => {
  browser = await launchBrowser();
  system = await startTestSystem('console-pages', {
    env: { SAGA_STEP_TIMEOUT_MS: '2000', SAGA_UNDO_TIMEOUT_MS: '300', SAGA_UNDO_ATTEMPTS: '3' },
  });
  nextSeat = await system.seatSource();
  parked = await parkedPayment(system, nextSeat());
  await poison(system);
  const operator = await newOperator(system.url);
  await retryTooEarly(operator);
  letter = await eventually(async () => {
    const { body } = await operator.get(`/dead-letters?sagaId=${parked.sagaId}`);
    expect(body.items).not.toEqual([]);
    return body.items[0];
  });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await system?.stop();
}, 60_000);

/** So that there is a decision to be seen: the saga is parked again. */
async function retryTooEarly({ get, post }: TestOperator): Promise<void> {
  const { body: before } = await get(`/sagas/${parked.sagaId}`);
  const { status } = await post(`/sagas/${parked.sagaId}/retry`, {
    version: before.version,
    reason: 'Is it mended?',
  });
  expect(status).toBe(200);
  await eventually(async () => {
    const { body } = await get(`/sagas/${parked.sagaId}`);
    expect(body).toMatchObject({ status: 'PARKED', version: expect.any(Number) });
  });
}

const pages: WatchedPage[] = [];
beforeEach(async () => {
  for (const page of pages.splice(0)) await page.context().close();
});
const open = async (path: string) => {
  const page = await openConsole(browser, system.url, path);
  pages.push(page);
  await page.getByText('Live', { exact: true }).waitFor();
  return page;
};

test('the keyboard is enough', async () => {
  const page = await open('/');
  await page.getByText('Live', { exact: true }).waitFor();
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the page');
  // One soon after the other, or they mean nothing.
  await eventually(async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await page.getByRole('heading', { name: 'Parked sagas' }).waitFor({ timeout: 2_000 });
  });
  await page.getByRole('button', { name: 'Retry …' }).first().focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await eventually(async () =>
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Retry …'),
  );
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await page.keyboard.press('Escape');

  await page.goto(`${system.url}/console/sagas/${parked.sagaId}`);
  await page.getByRole('option').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.getByRole('option', { selected: true, name: /token\.claim/ }).waitFor();
  await page.getByLabel('The chosen message').getByText('token.commands').waitFor();
  expect(page.complaints).toEqual([]);
});

test('every page is accessible and fits, in light and dark, on a desk and on a telephone, without a complaint', async () => {
  const page = await open('/');
  const places = {
    overview: '/',
    sagas: '/sagas',
    saga: `/sagas/${parked.sagaId}`,
    parked: '/parked',
    'dead-letters': '/dead-letters',
    group: `/dead-letters/groups/${letter.errorGroup}`,
    letter: `/dead-letters/${letter.letterId}`,
    edit: `/dead-letters/${letter.letterId}/edit`,
    locks: '/locks',
    doctor: '/doctor',
    audit: '/audit',
  };
  for (const [name, path] of Object.entries(places)) {
    await page.setViewportSize(desk);
    await page.goto(`${system.url}/console${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.locator('.loading').waitFor({ state: 'detached' });
    for (const size of [desk, telephone])
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.setViewportSize(size);
        await page.emulateMedia({ colorScheme });
        const seen = { name, colorScheme, width: size.width };
        // Of all that is checked, only the contrast changes with the colours.
        const violations = await violationsIn(page, colorScheme === 'dark' ? ['color-contrast'] : undefined);
        expect({ ...seen, violations, overflow: await overflowOf(page) }).toEqual({
          ...seen,
          violations: [],
          overflow: 0,
        });
        await screenshotOf(page, seen);
      }
  }
  expect(page.complaints).toEqual([]);
  // So many pages, looked at four times each, take minutes where the machine is busy.
}, 600_000);

test('while numbers come, nothing moves', async () => {
  const page = await open('/');
  await page.getByText('Live', { exact: true }).waitFor();
  for (let i = 0; i < 8; i++) {
    const user = await newUser(system.url);
    await user.pay((await hold(user, nextSeat())).reservationId);
    await user.pay((await hold(user, nextSeat())).reservationId, { fault: 'payment.create=reject' });
  }
  await page.getByRole('table', { name: 'Sagas by type' }).getByText('pay').waitFor();
  expect(await shiftsIn(page)).toEqual([]);
  await screenshot(page, 'overview');
  await page.setViewportSize(telephone);
  await screenshot(page, 'overview-telephone');
}, 90_000);

test('when its stream breaks it says so, and is live again by itself', async () => {
  const page = await open('/');
  const live = page.getByText('Live', { exact: true });
  await live.waitFor();
  process.kill(system.services.orchestrator[0]?.pid as number, 'SIGKILL');
  await page.getByText('Reconnecting').waitFor();
  await live.waitFor({ timeout: 40_000 });
}, 90_000);

/** What has moved since the page began, and by how much (of Google's 0.1 for a good page). */
const shiftsIn = (page: WatchedPage): Promise<string[]> =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        const shifts: string[] = [];
        type Shift = { value: number; sources: { node?: Element }[] };
        new PerformanceObserver((list) => {
          // A number that stands at the right begins elsewhere when it grows: that is next to nothing.
          for (const { value, sources } of list.getEntries() as unknown as Shift[])
            if (value >= 0.001)
              shifts.push(`${value}: ${sources.map(({ node }) => node?.className || node?.nodeName)}`);
        }).observe({ type: 'layout-shift', buffered: true });
        setTimeout(() => resolve(shifts), 3_000);
      }),
  );

/** Each page once, the saga in dark as well, and one as it is on a telephone. The overview is taken when it is live. */
async function screenshotOf(page: WatchedPage, seen: { name: string; colorScheme: string; width: number }) {
  const { name, colorScheme, width } = seen;
  const onDesk = width === desk.width;
  if (onDesk && colorScheme === 'light' && name !== 'overview') await screenshot(page, name);
  if (onDesk && colorScheme === 'dark' && name === 'saga') await screenshot(page, 'saga-dark');
  if (!onDesk && colorScheme === 'light' && name === 'parked') await screenshot(page, `${name}-telephone`);
}
