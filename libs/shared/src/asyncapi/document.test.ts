import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { asyncApiDocument } from './document.ts';

const document = JSON.parse(JSON.stringify(asyncApiDocument()));

test('the document follows the AsyncAPI 3.0 schema', () => {
  const schema = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0.json');
  // The schema brings draft 07 along, under the id that ajv has it by.
  const ajv = addFormats.default(
    new Ajv({ strict: false, allErrors: true, meta: false, validateSchema: false }),
  );
  const valid = ajv.validate(schema, document);
  expect(ajv.errors ?? []).toEqual([]);
  expect(valid).toBe(true);
});

test('every reference leads somewhere', () => {
  const refs = JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g);
  for (const [, path] of refs) {
    const target = (path as string).split('/').reduce((node, name) => node?.[name], document);
    expect([path, target]).toEqual([path, expect.anything()]);
  }
});

test('the committed document is the one that the schemas make', () => {
  const committed = readFileSync(new URL('../../../../docs/asyncapi.json', import.meta.url), 'utf8');
  expect(JSON.parse(committed)).toEqual(document);
});
