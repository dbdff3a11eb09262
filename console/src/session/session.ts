import { useSyncExternalStore } from 'react';

/**
 * The access token, for as long as the tab lives: sessionStorage survives a reload and ends with the tab. It is in no
 * address, so that no history, log or referrer has it.
 */
const key = 'holdfast.access-token';

type Session = { token: string | undefined; endedBecause: string | undefined };

let session: Session = { token: sessionStorage.getItem(key) ?? undefined, endedBecause: undefined };
const listeners = new Set<() => void>();

export const readToken = (): string | undefined => session.token;

export function beginSession(token: string): void {
  sessionStorage.setItem(key, token);
  change({ token, endedBecause: undefined });
}

export function endSession(because?: string): void {
  sessionStorage.removeItem(key);
  change({ token: undefined, endedBecause: because });
}

export function useSession(): Session {
  return useSyncExternalStore(subscribe, () => session);
}

function change(to: Session): void {
  session = to;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
