import { createRequire } from 'node:module';
import { expect, jest, test } from '@jest/globals';
import { lookOnlyForRequestsThatWait } from './request-queue.ts';

const RequestQueue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js');

test('the queue of a connection looks for requests only where some wait, and until none does', () => {
  lookOnlyForRequestsThatWait();
  jest.useFakeTimers();
  try {
    const queue = new RequestQueue({
      logger: { debug() {} },
      requestTimeout: 1_000,
      broker: 'b',
      clientId: 'c',
    });
    const sent: string[] = [];
    const waiting = (name: string) => ({ send: () => sent.push(name), expectResponse: true });

    queue.checkPendingRequests();
    expect(jest.getTimerCount()).toBe(0);

    queue.throttledUntil = Date.now() + 500;
    queue.pending.push(waiting('a'), waiting('b'));
    queue.scheduleCheckPendingRequests();
    queue.scheduleCheckPendingRequests();
    expect(jest.getTimerCount()).toBe(1);
    jest.advanceTimersByTime(499);
    expect(sent).toEqual([]);
    jest.advanceTimersByTime(20);
    expect(sent).toEqual(['a', 'b']);
    expect(jest.getTimerCount()).toBe(0);
  } finally {
    jest.useRealTimers();
  }
});
