import { useSyncExternalStore } from 'react';

/**
 * The access token, for as long as the tab lives: sessionStorage survives a reload and ends with the tab. It is in no
 * address, so that no history, log or referrer has it.
 */
const tokenKey = 'holdfast.buyer-token';
/** The API tells of a reservation, but not which ones somebody has: the tab remembers those that it made. */
const reservationsKey = 'holdfast.reservations';

export type Session = {
  token: string | undefined;
  endedBecause: string | undefined;
  /** Ids, the newest first. */
  reservations: readonly string[];
};

let session: Session = {
  token: sessionStorage.getItem(tokenKey) ?? undefined,
  endedBecause: undefined,
  reservations: JSON.parse(sessionStorage.getItem(reservationsKey) ?? '[]'),
};
const listeners = new Set<() => void>();

export function beginSession(token: string): void {
  sessionStorage.setItem(tokenKey, token);
  change({ token, endedBecause: undefined, reservations: [] });
}

export function endSession(because?: string): void {
  sessionStorage.removeItem(tokenKey);
  change({ token: undefined, endedBecause: because, reservations: [] });
}

export function rememberReservation(reservationId: string): void {
  if (session.reservations.includes(reservationId)) return;
  change({ ...session, reservations: [reservationId, ...session.reservations] });
}

export const useSession = (): Session => useSyncExternalStore(subscribe, () => session);

function change(to: Session): void {
  session = to;
  sessionStorage.setItem(reservationsKey, JSON.stringify(to.reservations));
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
