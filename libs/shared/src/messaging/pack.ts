import type { RawRecord } from './cloud-event.ts';
import { maxMessageBytes } from './topics.ts';

/** Which records share a request, and what becomes of the callers where one fails. */

type Sent = { record: RawRecord; caller: number };

/**
 * Publishes what several callers have, in their order, in as few requests as Kafka takes: all records of a request that
 * go to one partition are one batch to it, and count as one message.
 *
 * @returns for each caller its error. A record that is too large fails its own caller; anything else that fails, all
 *   who still had something to send, since the order of a key is to be kept
 */
export async function publishPacked(
  callers: readonly RawRecord[][],
  send: (records: RawRecord[]) => Promise<void>,
): Promise<(Error | undefined)[]> {
  const errors: (Error | undefined)[] = callers.map(() => undefined);
  let stopped: Error | undefined;
  for (const request of pack(callers)) {
    const fresh = request.filter(({ caller }) => errors[caller] === undefined);
    if (fresh.length === 0) continue;
    try {
      if (stopped) throw stopped;
      await send(fresh.map(({ record }) => record));
    } catch (error) {
      if (!isTooLarge(error)) stopped = error as Error;
      for (const { caller } of fresh) errors[caller] = error as Error;
    }
  }
  return errors;
}

/** Less than the smallest topic takes, for what Kafka's own framing adds. A record that is larger goes alone. */
const maxRequestBytes = maxMessageBytes - 64 * 1024;

function pack(callers: readonly RawRecord[][]): Sent[][] {
  const requests: Sent[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const [caller, records] of callers.entries())
    for (const record of records) {
      const size = sizeOf(record);
      if (bytes + size > maxRequestBytes) {
        requests.push([]);
        bytes = 0;
      }
      requests.at(-1)?.push({ record, caller });
      bytes += size;
    }
  return requests;
}

/** About the bytes of a record on the wire. */
function sizeOf({ key, value, headers }: RawRecord): number {
  let size = 64 + lengthOf(key) + lengthOf(value);
  for (const name in headers) {
    const header = headers[name];
    size += name.length + 8;
    if (Array.isArray(header)) for (const one of header) size += lengthOf(one) + name.length + 8;
    else size += lengthOf(header);
  }
  return size;
}

const lengthOf = (value: Buffer | string | null | undefined): number =>
  value == null ? 0 : Buffer.byteLength(value);

const tooLarge = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']);

/** Whether Kafka refuses a record for good. */
export function isTooLarge(error: unknown): boolean {
  const { type, cause } = error as { type?: string; cause?: unknown };
  return tooLarge.has(type ?? '') || (cause instanceof Error && isTooLarge(cause));
}
