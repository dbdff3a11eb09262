import { writeFileSync } from 'node:fs';
import { asyncApiDocument } from './document.ts';

/** `npm run docs`: writes the document to docs/asyncapi.json. CI fails where that is not what is committed. */
writeFileSync(
  new URL('../../../../docs/asyncapi.json', import.meta.url),
  `${JSON.stringify(asyncApiDocument(), null, 2)}\n`,
);
