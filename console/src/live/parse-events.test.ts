import { expect, test } from '@jest/globals';
import { eventParser } from './parse-events.ts';

test('events are found wherever the stream is cut', () => {
  const stream =
    ': hello\n\nevent: overview\ndata: {"a":\ndata: 1}\n\nid: 7\r\ndata: two\r\n\r\ndata: not ended';
  const expected = [
    { event: 'overview', data: '{"a":\n1}' },
    { event: 'message', data: 'two' },
  ];
  for (let size = 1; size <= stream.length; size += 1) {
    const parse = eventParser();
    const found = [];
    for (let at = 0; at < stream.length; at += size) found.push(...parse(stream.slice(at, at + size)));
    expect(found).toEqual(expected);
  }
});

test('an event without data is none', () => {
  expect(eventParser()('event: overview\n\n')).toEqual([]);
});
