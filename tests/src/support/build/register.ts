import { existsSync, readFileSync } from 'node:fs';
import { register } from 'node:module';
import { join } from 'node:path';
import type { Build } from './builds.ts';

/** `node --import` this, and an instance of the orchestrator is of the build that is written down for its port, if any. */
const file = join(process.env.HOLDFAST_BUILDS ?? '', process.env.PORT ?? '');
if (existsSync(file)) {
  const { pay2, env } = JSON.parse(readFileSync(file, 'utf8')) as Build;
  Object.assign(process.env, env);
  if (pay2) register(new URL('./load-pay-2.js', import.meta.url));
}
