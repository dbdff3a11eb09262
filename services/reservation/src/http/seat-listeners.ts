import { PassThrough } from 'node:stream';
import { stillHere } from '../seat-map/events.ts';
import type { Watcher } from '../seat-map/live.ts';
import type { Position } from '../seat-map/position.ts';

/** Those who follow seat maps. */
export type SeatListeners = {
  /** Why nobody else at this address may listen, if so. */
  objectionTo: (address: string) => 'overloaded' | 'too-many-requests' | undefined;
  add: (address: string) => SeatListener;
  stop: () => void;
};
export type SeatListener = Watcher & { stream: PassThrough };

export type SeatListenerSettings = {
  /** How many may listen to this instance. */
  max: number;
  /** And from one address, which many people may share; 0 for any number. */
  maxPerAddress: number;
  /** After so long a listener has to come again, so that those of an instance that was away come back to it. */
  longestMs: number;
};

/** Shorter than any proxy's patience with a connection on which nothing happens. */
const pingEveryMs = 15_000;
/** What a listener may leave unread; who reads so slowly has gone. */
const maxUnreadBytes = 256 * 1024;
/** Who was cut off comes again after this, give or take a half: those of a whole instance not all at once. */
const comeAgainMs = 1_000;

export function seatListeners(settings: SeatListenerSettings, position: () => Position): SeatListeners {
  const { max, maxPerAddress, longestMs } = settings;
  const listening = new Set<SeatListener>();
  const ofAddress = new Map<string, number>();

  function count(address: string, more: 1 | -1): void {
    const left = (ofAddress.get(address) ?? 0) + more;
    if (left > 0) ofAddress.set(address, left);
    else ofAddress.delete(address);
  }

  const ping = setInterval(() => {
    const event = stillHere(position());
    for (const { send } of listening) send(event);
  }, pingEveryMs);

  return {
    objectionTo: (address) => {
      if (maxPerAddress > 0 && (ofAddress.get(address) ?? 0) >= maxPerAddress) return 'too-many-requests';
      return listening.size >= max ? 'overloaded' : undefined;
    },
    add: (address) => {
      const stream = new PassThrough();
      const listener: SeatListener = {
        stream,
        send: (event) => {
          if (stream.writableEnded || stream.destroyed) return;
          stream.write(event);
          if (stream.writableLength > maxUnreadBytes) stream.destroy();
        },
        end: () => stream.end(),
      };
      listening.add(listener);
      count(address, 1);
      const longest = setTimeout(listener.end, longestMs);
      stream.once('close', () => {
        clearTimeout(longest);
        listening.delete(listener);
        count(address, -1);
      });
      stream.write(`retry: ${Math.round(comeAgainMs * (0.5 + Math.random()))}\n\n`);
      return listener;
    },
    stop: () => {
      clearInterval(ping);
      for (const { end } of listening) end();
    },
  };
}
