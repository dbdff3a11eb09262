import { existsSync, readFileSync } from 'node:fs';
import { register } from 'node:module';
import { join } from 'node:path';
import type { Build } from './builds.ts';

/**
 * `node --import` this, and an instance of the orchestrator is of the build that is written down for its port, and of the old
 * one where none is.
 */
const file = join(process.env.HOLDFAST_BUILDS ?? '', process.env.PORT ?? '');
const build: Build =
  process.env.PORT && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { pay2: false };
Object.assign(process.env, build.env);
if (!build.pay2) register(new URL('./load-without-pay-2.js', import.meta.url));
