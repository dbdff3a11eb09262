import { fileURLToPath } from 'node:url';

// The same from src (in tests) and from dist: both lie one folder below the package.
const launcherRoot = new URL('../', import.meta.url);

export const projectRoot: string = fileURLToPath(new URL('../', launcherRoot));

export const jarsPom: string = fileURLToPath(new URL('jars/pom.xml', launcherRoot));

/** What the browser loads of the buyer's page and of the operators' console, once they are built. */
export const buyerSite: string = fileURLToPath(new URL('../site/dist/site', launcherRoot));
export const consoleSite: string = fileURLToPath(new URL('../console/dist/site', launcherRoot));

/** A module of this package that runs as a process of its own. */
export function entryPoint(name: 'gateway/main' | 'process/watchdog'): string {
  return fileURLToPath(new URL(`dist/${name}.js`, launcherRoot));
}
