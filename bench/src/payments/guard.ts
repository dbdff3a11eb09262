import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '@holdfast/launcher/paths';
import type { Summary } from './measurement.ts';
import type { ScenarioName } from './scenarios.ts';

/**
 * Holdfast as a share of the single transaction of the same run: what another machine, or a busier one, changes for both
 * alike, a share doesn't show.
 */

const guarded = { perSecond: 'more', aloneP50: 'less', cpuMs: 'less' } as const;
type Guarded = keyof typeof guarded;

/** By scenario. */
export type Ratios = Partial<Record<ScenarioName, Partial<Record<Guarded, number>>>>;
export type Baseline = { date: string; machine: string; ratios: Ratios };

/** A loss is more than this share. */
export const tolerance = 0.15;

const file = join(projectRoot, 'bench/baseline.json');

export const readBaseline = (): Baseline | undefined =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Baseline) : undefined;

export const writeBaseline = (baseline: Baseline): void =>
  writeFileSync(file, `${JSON.stringify(baseline, null, 2)}\n`);

export function ratiosOf(summaries: readonly Summary[]): Ratios {
  const ratios: Ratios = {};
  for (const summary of summaries) {
    if (summary.contender !== 'holdfast') continue;
    const { scenario } = summary;
    const single = summaries.find((of) => of.scenario === scenario && of.contender === 'transaction');
    if (!single) continue;
    const measured: Partial<Record<Guarded, number>> = {};
    for (const metric of Object.keys(guarded) as Guarded[]) {
      const [own, least] = [summary[metric], single[metric]];
      if (own !== undefined && least) measured[metric] = Number((own / least).toPrecision(3));
    }
    ratios[scenario] = measured;
  }
  return ratios;
}

export type Compared = {
  scenario: string;
  metric: string;
  was: number;
  is: number;
  /** Negative for a gain. */
  loss: number;
  lost: boolean;
};

/** What was measured, and is in the baseline as well. */
export function compare(baseline: Ratios, measured: Ratios): Compared[] {
  return Object.entries(measured).flatMap(([scenario, ratios]) =>
    (Object.keys(guarded) as Guarded[]).flatMap((metric) => {
      const was = baseline[scenario as ScenarioName]?.[metric];
      const is = ratios?.[metric];
      if (was === undefined || is === undefined) return [];
      const loss = guarded[metric] === 'more' ? 1 - is / was : is / was - 1;
      return [{ scenario, metric, was, is, loss, lost: loss > tolerance }];
    }),
  );
}
