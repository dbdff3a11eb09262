import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { RawMessage } from './topics.ts';

/** What may have become of a message on its way from somebody who means well, or who doesn't. */

type Mutation = (message: RawMessage) => RawMessage;

const junkText = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '\u0000',
    'a\u0000b',
    '\ud800',
    '\u202e',
    '💥',
    '__proto__',
    'constructor',
    'x'.repeat(20_000),
  ),
  fc.constantFrom('00000000-0000-0000-0000-000000000000', 'urn:uuid:00000000-0000-4000-8000-000000000000'),
  fc.constantFrom(
    '1.0',
    '9'.repeat(15),
    '-1',
    '1e9',
    'true',
    'application/json',
    'text/plain',
    'balance.double',
  ),
  fc.string({ unit: 'binary', maxLength: 50 }),
);

const junkBytes = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  junkText.map((text) => Buffer.from(text)),
);

const junkJson = fc.oneof(
  fc.constantFrom<unknown>(null, true, [], {}, [[]], -1, 0.5, 2 ** 53, 1e308, -0),
  junkText,
  fc.nat({ max: 5_000 }).map((depth) => JSON.parse('['.repeat(depth) + ']'.repeat(depth) || '0')),
);

const headerNames = [
  'content-type',
  ...['specversion', 'id', 'type', 'source', 'time', 'subject'].map((name) => `ce_${name}`),
  ...['sagaid', 'sagano', 'sagastep', 'sagaaction', 'oneway'].map((name) => `ce_${name}`),
  'traceparent',
];
const headerName = fc.constantFrom(...headerNames);
const strangeName = fc.constantFrom(
  '__proto__',
  'constructor',
  'toString',
  '',
  'ce_',
  'ce___proto__',
  '헤더',
  'dlq_topic',
);

const setHeader =
  (name: string, value: RawMessage['headers'][string]): Mutation =>
  (message) => ({
    ...message,
    // Not by assignment, which __proto__ would not survive.
    headers: Object.fromEntries([...Object.entries(message.headers), [name, value]]),
  });

const ofHeaders: fc.Arbitrary<Mutation>[] = [
  headerName.map(
    (dropped): Mutation =>
      ({ headers, ...rest }) => ({
        ...rest,
        headers: Object.fromEntries(Object.entries(headers).filter(([name]) => name !== dropped)),
      }),
  ),
  fc.constant<Mutation>((message) => ({ ...message, headers: {} })),
  fc.tuple(headerName, junkBytes).map(([name, value]) => setHeader(name, value)),
  headerName.map((name) => setHeader(name, null)),
  fc.tuple(headerName, junkBytes).map(
    ([name, value]): Mutation =>
      (message) => {
        const first = [message.headers[name] ?? null].flat()[0] as Buffer | null;
        return setHeader(name, [first, value])(message);
      },
  ),
  fc.tuple(strangeName, junkBytes).map(([name, value]) => setHeader(name, value)),
  fc.tuple(strangeName, junkBytes).map(([name, value]) => setHeader(name, [value, null, value])),
  fc.integer({ min: 1, max: 300_000 }).map((length) => setHeader('x-long', Buffer.alloc(length, 'h'))),
];

const ofKey: fc.Arbitrary<Mutation>[] = [
  fc.option(junkBytes).map(
    (key): Mutation =>
      (message) => ({ ...message, key }),
  ),
];

const bytes =
  (change: (value: Buffer) => Buffer | null): Mutation =>
  (message) => ({
    ...message,
    value: message.value && change(message.value),
  });

const ofBytes: fc.Arbitrary<Mutation>[] = [
  fc.constantFrom(
    bytes(() => null),
    bytes(() => Buffer.alloc(0)),
    bytes((value) => Buffer.concat([Buffer.from('\ufeff'), value])),
    bytes((value) => Buffer.from(value.toString(), 'utf16le')),
    bytes((value) => gzipSync(value)),
    bytes(() => Buffer.alloc(1_000_000, ' ')),
    bytes(() => randomBytes(1_000_000)),
    bytes((value) =>
      Buffer.from(`{"__proto__":{"price":null},"constructor":{"prototype":{"a":1}},${value.subarray(1)}`),
    ),
    bytes((value) => Buffer.from(`{"x":${'['.repeat(20_000)}${']'.repeat(20_000)},${value.subarray(1)}`)),
    bytes((value) => Buffer.from(`{"x":"${'y'.repeat(1_000_000)}",${value.subarray(1)}`)),
  ),
  fc
    .double({ min: 0, max: 1, noNaN: true })
    .map((part) => bytes((value) => value.subarray(0, part * value.length))),
  fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 5 }).map((flips) =>
    bytes((value) => {
      const flipped = Buffer.from(value);
      for (const [at, to] of flips) flipped[at % value.length] = to;
      return flipped;
    }),
  ),
  junkBytes.map((value) => bytes(() => value)),
];

type Json = Record<string, unknown>;

/** Every place in a tree of objects. */
const placesIn = (json: Json): [Json, string][] =>
  Object.entries(json).flatMap(([name, value]) => [
    [json, name] as [Json, string],
    ...(typeof value === 'object' && value !== null ? placesIn(value as Json) : []),
  ]);

const ofJson: fc.Arbitrary<Mutation>[] = [
  fc.tuple(fc.nat(), fc.option(junkJson, { nil: undefined })).map(([at, junk]) =>
    bytes((value) => {
      try {
        const json: Json = JSON.parse(value.toString());
        const places = placesIn(json);
        const place = places[at % places.length];
        // Undefined: without it.
        if (place) place[0][place[1]] = junk;
        return Buffer.from(JSON.stringify(json));
      } catch {
        // No JSON any more, or too deep.
        return value;
      }
    }),
  ),
];

/** One to three things that happen to a message. */
export const mutation: fc.Arbitrary<Mutation> = fc
  .array(
    fc.oneof(
      fc.oneof(...ofHeaders),
      fc.oneof(...ofBytes),
      fc.oneof(...ofJson, ...ofJson),
      fc.oneof(...ofKey),
    ),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  .map((mutations) => (message) => mutations.reduce((mutated, mutate) => mutate(mutated), message));
