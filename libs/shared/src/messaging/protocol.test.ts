import { describe, expect, it } from '@jest/globals';
import { occurred } from '../contracts/protocol.ts';
import { reservationReleased } from '../contracts/reservation.ts';
import { Poison, type ReceivedRecord } from './cloud-event.ts';
import { decodeEvent, encodeEvent } from './protocol.ts';

const id = '00000000-0000-4000-8000-000000000001';
const sent = encodeEvent(
  'reservation',
  'event-1',
  occurred(reservationReleased, { reservationId: id, concertSeatId: id, userId: id, reason: 'expired' }),
);
const received = (changes: Partial<ReceivedRecord> = {}): ReceivedRecord => ({
  topic: sent.topic,
  partition: 0,
  offset: '0',
  timestamp: '0',
  key: Buffer.from(sent.key),
  value: Buffer.from(sent.value as string),
  headers: sent.headers,
  ...changes,
});

describe('decodeEvent', () => {
  it('reads an event that fits its contract', () => {
    expect(decodeEvent(received())).toMatchObject({ id: 'event-1', data: { reason: 'expired' } });
  });

  it('takes one that does not for poison: who subscribes must not be told it', () => {
    const wrong = received({ value: Buffer.from('{"amount":"much"}') });
    expect(() => decodeEvent(wrong)).toThrow(Poison);
  });

  it('lets types pass that are not in the catalogue', () => {
    const foreign = received({
      headers: { ...sent.headers, ce_type: 'seat.cleaned' },
      value: Buffer.from('{}'),
    });
    expect(decodeEvent(foreign)).toMatchObject({ type: 'seat.cleaned' });
  });
});
