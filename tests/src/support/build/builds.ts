import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What an instance of the orchestrator is started as. */
export type Build = {
  /** Whether it knows the second version of the pay saga. */
  pay2: boolean;
  env?: NodeJS.ProcessEnv;
};

/** Builds of the orchestrator by the instance that is to run them from its next start on. */
export function buildsByInstance(): {
  /** For every process of the system. */
  env: NodeJS.ProcessEnv;
  put: (instance: { url: string }, build: Build) => void;
  forget: () => void;
} {
  const dir = mkdtempSync(join(tmpdir(), 'holdfast-builds-'));
  const register = new URL('../../../dist/support/build/register.js', import.meta.url).href;
  return {
    env: { NODE_OPTIONS: `--import=${register}`, HOLDFAST_BUILDS: dir },
    put: ({ url }, build) => writeFileSync(join(dir, new URL(url).port), JSON.stringify(build)),
    forget: () => rmSync(dir, { recursive: true }),
  };
}
