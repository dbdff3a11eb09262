import { loadUser } from '@holdfast/shared/contracts/balance';
import { occurred, type Reply } from '@holdfast/shared/contracts/protocol';
import { reservationReleased } from '@holdfast/shared/contracts/reservation';
import type { OutgoingRecord, ReceivedRecord } from '@holdfast/shared/messaging/cloud-event';
import { encodeCommand, encodeEvent, encodeReply } from '@holdfast/shared/messaging/protocol';
import { expect, it } from '@jest/globals';
import { watch } from './messages.ts';

const id = '00000000-0000-4000-8000-000000000001';
const command = {
  id: `${id}/load-user/do`,
  type: 'balance.load-user',
  sagaId: id,
  sagaNo: 7,
  step: 'load-user',
  action: 'do' as const,
  payload: { userId: id },
};
let offset = 0;
const received = (sent: OutgoingRecord, timestamp = 0): ReceivedRecord => ({
  topic: sent.topic,
  partition: 0,
  offset: String(offset++),
  timestamp: String(timestamp),
  key: Buffer.from(sent.key),
  value: Buffer.from(sent.value as string),
  headers: sent.headers,
});
const undo = {
  ...command,
  id: `${id}/deduct-balance/undo`,
  type: 'balance.refund',
  step: 'deduct-balance',
  action: 'undo' as const,
};
const reply = (reply: Reply) => received(encodeReply('balance', undo, reply));

it('counts the copies of a message, keeps the first time, and sees when two say different things', () => {
  const seen = watch(new Set());
  seen.record(received(encodeCommand(loadUser, command), 20));
  seen.record(received(encodeCommand(loadUser, command), 10));
  const released = (reason: 'expired' | 'cancelled') =>
    encodeEvent(
      'reservation',
      'event',
      occurred(reservationReleased, { reservationId: id, concertSeatIds: [id], userId: id, reason }),
    );
  seen.record(received(released('expired')));
  seen.record(received(released('cancelled')));
  const { commands, events, topics, poison } = seen.messages([]);
  expect(commands.balance.get(command.id)).toMatchObject({ copies: 2, differs: false, at: 10, sagaNo: 7 });
  expect(events.get('event')).toMatchObject({ copies: 2, differs: true, about: id });
  expect(topics.find(({ topic }) => topic === 'balance.commands')).toMatchObject({ records: 2, copies: 1 });
  expect(poison).toEqual([]);
});

it('holds a reply to its first answer, but not to one that was only for then', () => {
  const seen = watch(new Set());
  const say = () => seen.messages([]).replies.get(undo.id)?.differs;
  seen.record(reply({ outcome: 'refused', code: 'fault-injected' }));
  seen.record(reply({ outcome: 'done', result: {}, effect: 'undone' }));
  seen.record(reply({ outcome: 'refused', code: 'outdated' }));
  expect(say()).toBe(false);
  seen.record(reply({ outcome: 'done', result: {}, effect: 'none' }));
  expect(say()).toBe(true);
});

it('takes for poison what does not fit its contract', () => {
  const seen = watch(new Set());
  seen.record({ ...received(encodeCommand(loadUser, command)), value: Buffer.from('{') });
  seen.record({ ...received(encodeCommand(loadUser, command)), topic: 'token.commands' });
  expect(seen.messages([]).poison.map(({ why }) => why)).toEqual([
    'data is not JSON',
    'token knows no command balance.load-user',
  ]);
});
