import { PassThrough } from 'node:stream';
import type { Logger } from 'pino';
import type { Found, Owned, Places } from '../places.ts';
import { askAgainAfterS, shown } from './shapes.ts';

/** Those who listen to their places. */
export type Listeners = {
  /** Why this user may not listen as well, if so. */
  objectionTo: (userId: string) => 'overloaded' | 'too-many-requests' | undefined;
  /** @returns the events, beginning with the place that was found */
  add: (token: string, owned: Owned, found: Found) => PassThrough;
  stop: () => Promise<void>;
};

export type ListenerSettings = {
  /** How many may listen to this instance; each user to a few, since a person has few devices. */
  max: number;
  maxPerUser: number;
  everyMs: number;
  /** After so long a listener has to come again, with an access token that is still good. */
  longestMs: number;
  waitingTtlMs: number;
};

type Listener = {
  token: string;
  owned: Owned;
  found: Found;
  stream: PassThrough;
  /** When to look again even though the line hasn't reached them. */
  dueAt: number;
  endAt: number;
  pingAt: number;
};

/** Shorter than any proxy's patience with a connection on which nothing happens. */
const pingEveryMs = 15_000;
/** What a listener may leave unread; who reads so slowly has gone. */
const maxUnreadBytes = 16 * 1024;

/**
 * Once a second, tells those who are due. Whether somebody has been admitted is seen from the line in memory, for all of
 * them; what is looked up then is one statement for many. Further back in the line, positions are told less often.
 */
export function listenersTo(places: Places, settings: ListenerSettings, log: Logger): Listeners {
  const { max, maxPerUser, everyMs, longestMs } = settings;
  const listening = new Set<Listener>();
  const ofUser = new Map<string, number>();

  function remove(listener: Listener): void {
    if (!listening.delete(listener)) return;
    const { userId } = listener.owned;
    const left = (ofUser.get(userId) ?? 1) - 1;
    if (left > 0) ofUser.set(userId, left);
    else ofUser.delete(userId);
  }

  function write({ stream }: Listener, text: string): void {
    stream.write(text);
    if (stream.writableLength > maxUnreadBytes) stream.destroy();
  }

  function tell(listener: Listener, found: Found, now: number): void {
    const changed = JSON.stringify(shown(listener.token, found));
    listener.found = found;
    listener.dueAt = now + askAgainAfterS(found, settings) * 1_000;
    listener.pingAt = now + pingEveryMs;
    write(listener, `event: place\ndata: ${changed}\n\n`);
    if (found.status === 'ACTIVE') listener.stream.end();
  }

  async function look(listener: Listener, now: number): Promise<void> {
    if (now >= listener.endAt) return void listener.stream.end();
    if (now < listener.dueAt && !(await places.mayHavePassed(listener.found))) {
      if (now >= listener.pingAt) {
        listener.pingAt = now + pingEveryMs;
        write(listener, ': still here\n\n');
      }
      return;
    }
    const found = await places.find(listener.owned);
    if (found) return tell(listener, found, now);
    write(listener, 'event: gone\ndata: {"code":"token-not-found"}\n\n');
    listener.stream.end();
  }

  let running = Promise.resolve();
  const timer = setInterval(() => {
    // A round that takes longer than its time isn't overtaken by the next.
    running = running.then(async () => {
      const now = Date.now();
      const looks = await Promise.allSettled(Array.from(listening, (listener) => look(listener, now)));
      const failed = looks.find(({ status }) => status === 'rejected');
      if (failed) log.warn({ err: (failed as PromiseRejectedResult).reason }, 'places not told');
    });
  }, everyMs);

  return {
    objectionTo: (userId) => {
      if ((ofUser.get(userId) ?? 0) >= maxPerUser) return 'too-many-requests';
      return listening.size >= max ? 'overloaded' : undefined;
    },
    add: (token, owned, found) => {
      const now = Date.now();
      const stream = new PassThrough();
      const listener = { token, owned, found, stream, dueAt: 0, endAt: now + longestMs, pingAt: 0 };
      listening.add(listener);
      ofUser.set(owned.userId, (ofUser.get(owned.userId) ?? 0) + 1);
      stream.once('close', () => remove(listener));
      stream.once('finish', () => remove(listener));
      tell(listener, found, now);
      return stream;
    },
    stop: async () => {
      clearInterval(timer);
      for (const { stream } of listening) stream.end();
      await running;
    },
  };
}
