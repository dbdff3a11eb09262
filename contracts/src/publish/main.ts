import { writeFileSync } from 'node:fs';
import { breakingChanges } from './compatible.ts';
import { moduleFile, readPublished, writePublished } from './files.ts';
import { current, moduleOf } from './schemas.ts';

/**
 * `npm run publish-schemas`: what the services publish now becomes what is promised. Refuses what would break a
 * subscriber.
 */
const changes = breakingChanges(readPublished(), current);
if (changes.length > 0) {
  console.error(
    ['This would break subscribers; docs/events.md says how it is done instead:', ...changes].join('\n  '),
  );
  process.exit(1);
}
writePublished(current);
writeFileSync(moduleFile, moduleOf(readPublished()));
