import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { createClient, newKey } from '@holdfast/client/client';
import { dataOf } from '@holdfast/client/problem';
import { type CommandContext, runCommand } from '@holdfast/launcher/command';
import pg from 'pg';
import { chromium, type Page } from 'playwright-core';
import { largestPerformance, type Stadium } from '../seats/performances.ts';
import { onFreshSystem } from '../system.ts';
import { framesWhile, type Motion } from './frames.ts';

/** `npm run bench:page`: frames of the seat map while it is moved, with fifty thousand seats, on a system of its own. */

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '5' } },
});
const seconds = Number(values.seconds);

await runCommand(async (context) =>
  onFreshSystem(context, { env: { all: { LOG_LEVEL: 'warn' } } }, async (system) => {
    const postgres = new pg.Pool({ connectionString: system.adminPostgresUrl, max: 1 });
    try {
      await measure(system.url, await largestPerformance(postgres), context);
      return 0;
    } finally {
      await postgres.end();
    }
  }),
);

async function measure(url: string, stadium: Stadium, { report }: CommandContext): Promise<void> {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    // Its sandbox refuses to run as root.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const { accessToken } = await dataOf(
      createClient({ url }).POST('/v1/dev/users', { body: { name: 'bench' } }),
    );
    await page.addInitScript((token) => sessionStorage.setItem('holdfast.buyer-token', token), accessToken);
    const startedAt = performance.now();
    await page.goto(`${url}/concerts/${stadium.concertId}/performances/${stadium.performanceId}`);
    await page.getByText('Live', { exact: true }).waitFor();
    report.say(
      `50,000 seats, load ${loadavg()[0]?.toFixed(1)}; all there ${Math.round(performance.now() - startedAt)} ms after its address was opened`,
    );
    report.say('                          frames/s  median   p95   p99  worst (ms)');
    await say(page, 'nothing moves', 'none', report);
    await say(page, 'all seats, panned', 'pan', report);
    for (const [times, what] of [
      [3, 'closer, panned'],
      [3, 'as close as it gets, panned'],
    ] as const) {
      for (let i = 0; i < times; i++) await page.getByRole('button', { name: 'Zoom in' }).click();
      await say(page, what, 'pan', report);
    }
    await page.getByRole('button', { name: 'Show all seats' }).click();
    await say(page, 'zoomed in and out', 'zoom', report);
    await saySeatChange(page, url, stadium, report);
  } finally {
    await browser.close();
  }
}

async function say(
  page: Page,
  what: string,
  motion: Motion,
  report: CommandContext['report'],
): Promise<void> {
  const { perSecond, ...ms } = await framesWhile(page, motion, seconds);
  const numbers = [ms.median, ms.p95, ms.p99, ms.worst].map((value) => value.toFixed(1).padStart(6));
  report.say(`${what.padEnd(28)} ${perSecond.toFixed(1).padStart(5)} ${numbers.join(' ')}`);
}

/** From the answer of somebody else's hold to the seat's being taken in the page. */
async function saySeatChange(
  page: Page,
  url: string,
  { concertId, performanceId }: Stadium,
  report: CommandContext['report'],
): Promise<void> {
  const { accessToken } = await dataOf(
    createClient({ url }).POST('/v1/dev/users', { body: { name: 'rival' } }),
  );
  const rival = createClient({ url, accessToken });
  const { sections } = await dataOf(
    rival.GET('/v1/performances/{performanceId}/seat-map', { params: { path: { performanceId } } }),
  );
  const ids = sections[0]?.rows[0]?.concertSeatIds ?? [];
  const delays: number[] = [];
  // As many as one user may hold.
  for (const [i, concertSeatId] of ids.slice(0, 8).entries()) {
    const number = i + 1;
    const seen = page.evaluate(
      (label) =>
        new Promise<number>((resolve) => {
          const look = () => {
            if (!document.querySelector(`[aria-label^="${label},"][aria-disabled="true"]`)) return;
            observer.disconnect();
            resolve(Date.now());
          };
          const observer = new MutationObserver(look);
          observer.observe(document.body, { subtree: true, childList: true, attributes: true });
        }),
      `Section 101, row 1, seat ${number}`,
    );
    const { token } = await dataOf(rival.POST('/v1/tokens', { body: { concertId } }));
    const header = { 'queue-token': token, 'idempotency-key': newKey() };
    await dataOf(
      rival.POST('/v1/reservations', { params: { header }, body: { concertSeatIds: [concertSeatId] } }),
    );
    const heldAt = Date.now();
    delays.push((await seen) - heldAt);
  }
  const sorted = delays.toSorted((a, b) => a - b);
  report.say(
    `a seat that somebody else got is seen as taken after ${sorted[4]} ms (median), ${sorted.at(-1)} ms (worst of ${delays.length})`,
  );
}
