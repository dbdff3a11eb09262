import type { Client } from '@holdfast/client/client';
import { dataOf } from '@holdfast/client/problem';
import type { Reservation } from '@holdfast/client/types';
import { useQuery } from '@tanstack/react-query';
import { useClient } from '../api/connection.tsx';
import { useConcert, usePerformances } from '../catalogue/use-catalogue.ts';

export type Known = Reservation & {
  /** How far the server's clock is ahead of this one, in milliseconds: holds run out by the server's. */
  clockAheadMs: number;
};

export function useReservation(reservationId: string) {
  const client = useClient();
  return useQuery({
    queryKey: ['reservation', reservationId],
    queryFn: () => load(client, reservationId),
  });
}

async function load(client: Client, reservationId: string): Promise<Known> {
  const answer = await client.GET('/v1/reservations/{reservationId}', {
    params: { path: { reservationId } },
    cache: 'no-store',
  });
  const date = Date.parse(answer.response.headers.get('date') ?? '');
  // The header knows only whole seconds.
  const ahead = Number.isNaN(date) ? 0 : date - Date.now();
  return { ...(await dataOf(answer)), clockAheadMs: Math.abs(ahead) < 2_000 ? 0 : ahead };
}

/** What a reservation is for. */
export function useOccasion(reservation: Pick<Reservation, 'concertId' | 'performanceId'>) {
  const { data: concert } = useConcert(reservation.concertId);
  const { data: performances } = usePerformances(reservation.concertId);
  const performance = performances?.find(({ performanceId }) => performanceId === reservation.performanceId);
  return { concert, performance };
}
