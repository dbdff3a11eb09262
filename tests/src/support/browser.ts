import { existsSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, chromium, type Page } from 'playwright-core';
import { newOperator } from './operator.ts';

/** Debian's own, unless told: playwright-core brings none. */
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** A page that remembers what the browser had to complain about. */
export type WatchedPage = Page & { complaints: string[] };

export async function launchBrowser(): Promise<Browser> {
  if (!existsSync(executablePath))
    throw new Error(
      `The console is tested in Chromium, and there is none at ${executablePath}: apt-get install chromium, or name another in CHROMIUM.`,
    );
  // Its sandbox refuses to run as root, which is what CI is.
  return chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
}

/** Opens a page of the console, signed in as a new operator, whom newOperator calls Ann. */
export async function openConsole(
  browser: Browser,
  url: string,
  path: string,
  role: 'viewer' | 'operator' = 'operator',
): Promise<WatchedPage> {
  const { accessToken } = await newOperator(url, role);
  const page = await watchedPage(browser);
  await page.addInitScript((token) => sessionStorage.setItem('holdfast.access-token', token), accessToken);
  await page.goto(`${url}/console${path}`);
  return page;
}

export async function watchedPage(browser: Browser, locale = 'en-US'): Promise<WatchedPage> {
  // Colours on their way from dark to light have no contrast that counts.
  const context = await browser.newContext({ viewport: desk, locale, reducedMotion: 'reduce' });
  const page: WatchedPage = Object.assign(await context.newPage(), { complaints: [] });
  page.setDefaultTimeout(20_000);
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) page.complaints.push(message.text());
  });
  page.on('pageerror', ({ message }) => page.complaints.push(message));
  return page;
}

/** What axe-core finds wrong, as a line for each kind; by all of its rules unless some are named. */
export async function violationsIn(page: Page, rules?: string[]): Promise<string[]> {
  // Its legacy mode leaves out frames, which there are none of, and needs no second page.
  const axe = new AxeBuilder({ page }).setLegacyMode(true);
  const { violations } = await (rules ? axe.withRules(rules) : axe).analyze();
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  );
}

/** By how many pixels the page is wider than the window. */
export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - window.innerWidth));

export const desk = { width: 1280, height: 800 };
export const telephone = { width: 375, height: 740 };

/** With HOLDFAST_SCREENSHOTS=1, what is seen goes to docs. */
export async function screenshot(page: Page, name: string, folder = 'console'): Promise<void> {
  if (!process.env.HOLDFAST_SCREENSHOTS) return;
  await page.screenshot({ path: `docs/${folder}/${name}.png`, animations: 'disabled', caret: 'hide' });
}
