import { expect, test } from '@jest/globals';
import { newTraceparent, traceparentFrom } from './traceparent.ts';

const trace = '4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7';

test.each([`00-${trace}-01`, `00-${trace}-00`])('%s is taken', (header) => {
  expect(traceparentFrom(header)).toBe(header);
});

test('a later version is taken as far as this one knows it', () => {
  expect(traceparentFrom(`cc-${trace}-01-what-follows`)).toBe(`00-${trace}-01`);
});

test.each([
  undefined,
  '',
  `ff-${trace}-01`,
  `00-${trace}-01-more`,
  `00-${trace.toUpperCase()}-01`,
  `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
  `00-4bf92f3577b34da6a3ce929d0e0e4736-${'0'.repeat(16)}-01`,
])('%p is none', (header) => {
  expect(traceparentFrom(header)).toBeUndefined();
});

test('each new trace is another, which nobody records', () => {
  expect(newTraceparent()).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
  expect(newTraceparent()).not.toBe(newTraceparent());
});
