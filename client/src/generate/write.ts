import { writeFileSync } from 'node:fs';
import openApiTypes, { astToString } from 'openapi-typescript';
import { publicDocument } from './document.ts';

/**
 * Part of `npm run docs`: writes the public API's document to docs/openapi.json, and its types to src/api.ts. CI fails
 * where those aren't what is committed.
 */
const root = new URL('../../../', import.meta.url);
const document = await publicDocument();
writeFileSync(new URL('docs/openapi.json', root), `${JSON.stringify(document, null, 2)}\n`);
const types = await openApiTypes(JSON.stringify(withEventData(document)), { defaultNonNullable: false });
writeFileSync(new URL('client/src/api.ts', root), astToString(types));

/** Events carry JSON as text, and are read as what it says: so their types are of that. */
function withEventData<Schema>(schema: Schema): Schema {
  if (Array.isArray(schema)) return schema.map(withEventData) as Schema;
  if (typeof schema !== 'object' || schema === null) return schema;
  if ('contentSchema' in schema) return withEventData(schema.contentSchema) as Schema;
  return Object.fromEntries(
    Object.entries(schema).map(([name, value]) => [name, withEventData(value)]),
  ) as Schema;
}
