import { check } from './check/check.ts';
import type { Violation } from './check/violation.ts';
import { collect, type Run } from './collect/collect.ts';
import { report } from './report/report.ts';

export type { Run, Violation };

/**
 * Collects what a run that has come to rest has left behind, decides whether each promise was kept, and prints the
 * table.
 *
 * @returns what was broken, and the exit code: 1 where anything was
 */
export async function concludeRun(run: Run): Promise<{ violations: Violation[]; exitCode: number }> {
  const facts = await collect(run);
  const violations = check(facts);
  for (const line of report(facts, violations)) run.log(line);
  return { violations, exitCode: violations.length === 0 ? 0 : 1 };
}
