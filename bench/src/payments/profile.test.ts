import { pathToFileURL } from 'node:url';
import { projectRoot } from '@holdfast/launcher/paths';
import { expect, test } from '@jest/globals';
import { moduleOfFrame, timeByModule } from './profile.ts';

const frame = (url: string, functionName = 'f') => ({ functionName, url });

test.each([
  [frame('', '(garbage collector)'), '(garbage collector)'],
  [frame('', 'writev'), '(native)'],
  [frame('node:internal/streams/writable'), 'node:internal/streams'],
  [frame('file:///x/node_modules/.pnpm/pg@8.23.1/node_modules/pg/lib/client.js'), 'pg'],
  [
    frame('file:///x/node_modules/.pnpm/a@1/node_modules/@fastify/reply-from/index.js'),
    '@fastify/reply-from',
  ],
  [frame(pathToFileURL(`${projectRoot}services/token/dist/main.js`).href), 'services/token/dist/main.js'],
])('%j', (callFrame, module) => {
  expect(moduleOfFrame(callFrame)).toBe(module);
});

test('time is summed by module, the most first, without idle', () => {
  const nodes = [
    { id: 1, callFrame: frame('', '(idle)') },
    { id: 2, callFrame: frame('node:net') },
    { id: 3, callFrame: frame('file:///x/node_modules/pg/lib/client.js') },
  ];
  const profile = { nodes, samples: [1, 2, 3, 3], timeDeltas: [9_000, 1_000, 1_000, 2_000] };
  expect(timeByModule(profile)).toEqual([
    { module: 'pg', ms: 3 },
    { module: 'node:net', ms: 1 },
  ]);
});
