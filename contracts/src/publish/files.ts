import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Contracts } from './schemas.ts';

/** From src/publish and from dist/publish alike. */
const root = new URL('../../', import.meta.url);
const folder = fileURLToPath(new URL('published/', root));
export const moduleFile = fileURLToPath(new URL('src/events.ts', root));

/** What was published last, in the order of the types. */
export const readPublished = (): Contracts =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => [name.slice(0, -'.json'.length), JSON.parse(readFileSync(folder + name, 'utf8'))]),
  );

export function writePublished(contracts: Contracts): void {
  for (const [type, contract] of Object.entries(contracts))
    writeFileSync(`${folder}${type}.json`, `${JSON.stringify(contract, null, 2)}\n`);
}
