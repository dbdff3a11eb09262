import { type Problem, type ProblemCode, problem } from '@holdfast/shared/http/problems';
import { inSpan, SpanKind } from '@holdfast/shared/telemetry/spans';

/** What the token service asks the reservation service: whether there is something to admit to. */
export type ReservationService = {
  /** Why nobody can be admitted to this concert, if so. */
  objectionToConcert: (concertId: string, caller: Caller) => Promise<ProblemCode | undefined>;
  /** Why this reservation can't be paid by the caller, if so. */
  objectionToReservation: (reservationId: string, caller: Caller) => Promise<ProblemCode | undefined>;
};

/** The request's own headers: who asks, and as part of which trace. */
export type Caller = { authorization: string; traceparent: string };

const maxKnownConcerts = 10_000;

/** The reservation service over HTTP, whichever of its instances answers. */
export function reservationService(urls: readonly string[], timeoutMs: number): ReservationService {
  const bases = urls.map((url) => url.replace(/\/+$/, ''));
  /** The instance that answered last. */
  let current = 0;
  // Concerts don't go away. Those that aren't there aren't remembered: they may come.
  const knownConcerts = new Set<string>();

  async function get(path: string, caller: Caller): Promise<{ status: number; body: unknown }> {
    const signal = AbortSignal.timeout(timeoutMs);
    const first = current;
    for (let i = 0; i < bases.length; i++) {
      const at = (first + i) % bases.length;
      try {
        const answer = await inSpan('GET', caller.traceparent, getSpan, async (traceparent, span) => {
          const headers = { ...caller, ...(traceparent && { traceparent }) };
          const response = await fetch(`${bases[at]}${path}`, { headers, signal });
          span?.setAttribute('http.response.status_code', response.status);
          return { status: response.status, body: await response.json() };
        });
        current = at;
        return answer;
      } catch {
        if (signal.aborted) break;
      }
    }
    throw noAnswer();
  }

  return {
    objectionToConcert: async (concertId, caller) => {
      if (knownConcerts.has(concertId)) return undefined;
      const { status } = await get(`/v1/concerts/${concertId}`, caller);
      if (status === 404) return 'concert-not-found';
      if (status !== 200) throw noAnswer();
      if (knownConcerts.size >= maxKnownConcerts) knownConcerts.clear();
      knownConcerts.add(concertId);
      return undefined;
    },
    objectionToReservation: async (reservationId, caller) => {
      const { status, body } = await get(`/v1/reservations/${reservationId}`, caller);
      if (status === 404) return 'reservation-not-found';
      if (status === 401) return 'unauthenticated';
      if (status !== 200) throw noAnswer();
      const reservation = body as { status: string };
      return (
        objections[reservation.status] ??
        (reservation.status === 'TEMPORARY_HOLD' ? undefined : 'hold-expired')
      );
    },
  };
}

const getSpan = { kind: SpanKind.CLIENT, attributes: { 'http.request.method': 'GET' } };

const objections: Readonly<Record<string, ProblemCode>> = {
  PAID: 'already-paid',
  REFUNDED: 'already-refunded',
};

const noAnswer = (): Problem =>
  problem('unavailable', 'The reservation service does not answer.', { retryAfter: 1 });
