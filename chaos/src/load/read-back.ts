import type { Client, User } from './client.ts';
import type { Read } from './plan.ts';

type Made = { performanceId: string; reservationId: string | undefined; paymentId: string | undefined };

/** Reads what has been made, as planned. */
export async function readBack(
  client: Client,
  user: User,
  reads: readonly Read[],
  made: Made,
): Promise<void> {
  const { performanceId, reservationId, paymentId } = made;
  for (const read of reads) {
    const request = { operation: `read-${read}`, user, method: 'GET' } as const;
    if (read === 'balance') await client.send({ ...request, path: '/v1/balance' });
    if (read === 'seats') {
      const path = `/v1/performances/${performanceId}/seats?limit=10`;
      await client.send({ ...request, path, about: { performanceId } });
    }
    if (read === 'reservation' && reservationId)
      await client.send({ ...request, path: `/v1/reservations/${reservationId}`, about: { reservationId } });
    if (read === 'payment' && paymentId)
      await client.send({ ...request, path: `/v1/payments/${paymentId}`, about: { paymentId } });
  }
}
