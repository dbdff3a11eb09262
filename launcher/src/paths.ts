import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// The same from src (in tests) and from dist: both lie one folder below the package.
const launcherRoot = new URL('../', import.meta.url);

export const projectRoot: string = fileURLToPath(new URL('../', launcherRoot));

export const jarsPom: string = fileURLToPath(new URL('jars/pom.xml', launcherRoot));

/** What runs as a process of its own. */
export const gatewayMain: string = join(projectRoot, 'gateway/dist/main.js');
export const watchdogMain: string = fileURLToPath(new URL('dist/process/watchdog.js', launcherRoot));
