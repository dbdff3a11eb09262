import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import {
  launchBrowser,
  openConsole,
  screenshot,
  violationsIn,
  type WatchedPage,
  watchedPage,
} from './support/browser.ts';
import type { Seat } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { newOperator } from './support/operator.ts';
import { parkedPayment, poison } from './support/stuck.ts';
import { startTestSystem, type TestSystem } from './support/system.ts';

/** What an operator does in the console, in a real browser, by clicks. */

let system: TestSystem;
let browser: Browser;
let nextSeat: () => Seat;

beforeAll(async () => {
  browser = await launchBrowser();
  system = await startTestSystem('console', {
    env: { SAGA_STEP_TIMEOUT_MS: '2000', SAGA_UNDO_TIMEOUT_MS: '300', SAGA_UNDO_ATTEMPTS: '3' },
  });
  nextSeat = await system.seatSource();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await system?.stop();
}, 60_000);

const pages: WatchedPage[] = [];
beforeEach(async () => {
  for (const page of pages.splice(0)) await page.context().close();
});
const open = async (path: string, role?: 'viewer' | 'operator') => {
  const page = await openConsole(browser, system.url, path, role);
  pages.push(page);
  return page;
};

test('who has no token signs in, and it is in no address', async () => {
  const page = await watchedPage(browser);
  pages.push(page);
  await page.goto(`${system.url}/console/parked`);
  await page.getByRole('heading', { name: 'Holdfast' }).waitFor();
  expect(await violationsIn(page)).toEqual([]);

  await page.getByLabel('Name').fill('Grace');
  await page.getByRole('button', { name: 'Make an operator and sign in' }).click();
  await page.getByRole('heading', { name: 'Parked sagas' }).waitFor();
  await page.getByText('Grace').waitFor();
  const token = await page.evaluate(() => sessionStorage.getItem('holdfast.access-token'));
  expect(token).toMatch(/^ey/);
  expect(page.url()).not.toContain(token as string);

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Access token').fill('nonsense');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('alert').getByText('A valid access token is needed').waitFor();
});

test('from a step that failed to the replayed letter and the end of its saga, by clicks', async () => {
  const { sagaId, balance, mend } = await parkedPayment(system, nextSeat());
  const paid = await balance();
  const page = await open('/');
  await page
    .getByRole('link', { name: /^Dead letters \d/ })
    .first()
    .click();
  await page
    .getByRole('row')
    .filter({ hasText: 'a bug in the ledger' })
    .getByRole('link', { name: 'error' })
    .click();
  await page.getByRole('heading', { level: 1, name: 'error' }).waitFor();

  // What made it fail is mended, and the preview says what a replay does now.
  await mend();
  await page.getByRole('button', { name: /^Replay all \d+ open/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Replay dead letters' });
  await dialog.getByText('Will run').waitFor();
  await dialog.getByText('balance.refund is done, and its saga').first().waitFor();
  expect(await violationsIn(page)).toEqual([]);
  await screenshot(page, 'replay-preview');
  await dialog.getByLabel(/^Reason/).fill('The bug is mended');
  await dialog.getByRole('button', { name: /^Replay \d+ letters?$/ }).click();

  await page.getByRole('heading', { name: /^Replay \d+$/ }).waitFor();
  await page.getByRole('status').getByText('Done').waitFor();
  await screenshot(page, 'replay');
  await page.getByRole('link', { name: 'those of one error' }).click();
  await page.getByRole('checkbox', { name: 'Replayed' }).check();
  await page.locator(`a[href$="${sagaId}"]`).first().click();

  await page.getByRole('status').getByText('Compensated').waitFor();
  await page
    .getByRole('option', { name: /undone/ })
    .last()
    .waitFor();
  expect(await balance()).toBe(500_000);
  expect(paid).toBeLessThan(500_000);
  expect(page.complaints).toEqual([]);
}, 90_000);

test('a parked saga is retried by clicks, with a reason that the audit keeps', async () => {
  const { sagaId, balance, mend } = await parkedPayment(system, nextSeat());
  await mend();
  const page = await open('/');
  await page
    .getByRole('link', { name: /^Parked \d/ })
    .first()
    .click();
  const row = page.getByRole('row').filter({ has: page.locator(`a[href$="${sagaId}"]`) });
  await row.getByText('not acknowledged').waitFor();
  await row.getByText('KRW').waitFor();
  await row.getByRole('button', { name: 'Retry …' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/^Reason/).fill('Refunds work again');
  await dialog.getByRole('button', { name: 'Retry', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  await row.waitFor({ state: 'detached' });

  await page.goto(`${system.url}/console/sagas/${sagaId}`);
  await page.getByRole('status').getByText('Compensated').waitFor();
  await page.getByText('Refunds work again').first().waitFor();
  await page.getByRole('link', { name: 'Audit' }).click();
  const entry = page.getByRole('row').filter({ hasText: 'Refunds work again' }).first();
  await entry.getByText('saga.retry').waitFor();
  await entry.getByText('Ann').waitFor();
  expect(await balance()).toBe(500_000);
  expect(page.complaints).toEqual([]);
}, 90_000);

test('a letter that nobody can read is edited until it fits, and another one is discarded', async () => {
  await poison(system);
  await poison(system);
  const page = await open('/dead-letters');
  await page
    .getByRole('row')
    .filter({ hasText: '/price/amount' })
    .getByRole('link', { name: 'Poison' })
    .click();
  await page.getByRole('table', { name: 'Letters of this error' }).getByRole('link').first().click();
  await page.getByText('Unreadable').waitFor();
  const edited = page.url().split('/').at(-1);
  await page.getByRole('button', { name: 'Edit …' }).click();
  const payload = page.getByRole('textbox', { name: 'Payload' });
  const text = await payload.inputValue();
  await payload.fill(text.slice(0, -1));
  await page.getByText('This is no JSON').waitFor();
  expect(await page.getByRole('button', { name: 'Check and send …' }).isDisabled()).toBe(true);
  // With its name: the user's id may have a "-1" as well.
  await payload.fill(text.replace('"amount": -1', '"amount": 100'));
  await page.getByRole('button', { name: 'Check and send …' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click();
  await page.getByRole('status').getByText('Edited').waitFor();

  await page.getByRole('link', { name: 'all of this error' }).click();
  // The list as it was is shown until the new one is there.
  await page
    .getByRole('checkbox', { name: `Choose letter ${edited}`, exact: true })
    .waitFor({ state: 'detached' });
  await page
    .getByRole('checkbox', { name: /^Choose letter/ })
    .first()
    .check();
  await page.getByRole('button', { name: 'Discard 1 chosen …' }).click();
  await page.getByRole('dialog').getByLabel('Reason').fill('Made by hand');
  await page.getByRole('dialog').getByRole('button', { name: 'Discard', exact: true }).click();
  await page.getByRole('dialog').getByText('1 letter discarded').waitFor();
  expect(page.complaints).toEqual([]);
}, 90_000);

test('a viewer sees everything but whose it is, and can change nothing', async () => {
  const { sagaId, userId } = await parkedPayment(system, nextSeat());
  const operator = await newOperator(system.url);
  const letterId = await eventually(async () => {
    const { body } = await operator.get(`/dead-letters?sagaId=${sagaId}`);
    expect(body.items).not.toEqual([]);
    return body.items[0].letterId;
  });
  const page = await open(`/sagas/${sagaId}`, 'viewer');
  const retry = page.getByRole('button', { name: 'Retry …' });
  await retry.waitFor();
  expect(await retry.isDisabled()).toBe(true);
  await page.getByText('This takes the role operator; yours is viewer.').first().waitFor();
  await page.getByRole('option', { name: /balance\.deduct/ }).click();
  await page.getByLabel("The message's payload").getByText('userId').waitFor();
  expect(await page.content()).not.toContain(userId);

  await page.goto(`${system.url}/console/dead-letters/${letterId}`);
  await page.getByText('Will run').waitFor();
  for (const name of ['Replay …', 'Edit …', 'Discard …'])
    expect(await page.getByRole('button', { name }).isDisabled()).toBe(true);
  expect(await page.content()).not.toContain(userId);
  expect(page.complaints).toEqual([]);
}, 60_000);
