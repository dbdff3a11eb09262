import { createRequire } from 'node:module';

/** What is used here of kafkajs's queue of one connection's requests. */
type RequestQueue = {
  pending: unknown[];
  /** ms since the epoch; -1 where the broker has never asked to be left alone. */
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  checkPendingRequests: () => void;
};

const atLeastMs = 10;

/**
 * kafkajs looks every millisecond, on every connection, whether requests wait that the broker has asked to hold back, also
 * where none does (tulios/kafkajs#1704). Half of the CPU of an idle system went into that. Now it looks where some wait.
 */
export function lookOnlyForRequestsThatWait(): void {
  const { prototype } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js') as {
    prototype: RequestQueue & { scheduleCheckPendingRequests: () => void };
  };
  prototype.scheduleCheckPendingRequests = function () {
    if (this.pending.length === 0 || this.throttleCheckTimeoutId) return;
    this.throttleCheckTimeoutId = setTimeout(
      () => {
        this.throttleCheckTimeoutId = null;
        this.checkPendingRequests();
      },
      Math.max(this.throttledUntil - Date.now(), atLeastMs),
    );
  };
}
