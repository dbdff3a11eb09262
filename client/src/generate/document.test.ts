import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { publicDocument } from './document.ts';

test('docs/openapi.json, which the client is made from, is what the services answer by now (npm run docs)', async () => {
  const committed = readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8');
  expect(await publicDocument()).toEqual(JSON.parse(committed));
});
