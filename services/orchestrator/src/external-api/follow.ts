import { webhookEvents } from '@holdfast/shared/contracts/catalogue';
import type { CloudEvent } from '@holdfast/shared/messaging/cloud-event';
import { type Consumption, consume } from '@holdfast/shared/messaging/consume';
import type { KafkaConnection } from '@holdfast/shared/messaging/kafka';
import { eventDecoder } from '@holdfast/shared/messaging/protocol';
import { eventsTopic } from '@holdfast/shared/messaging/topics';
import type { Logger } from 'pino';
import type { Receiver } from './receiver.ts';

/**
 * Follows the events and tells the external API: nothing waits for it, and no saga hangs on it. While it is away its
 * partitions wait. An event that it refuses, or fails at `attempts` times while it takes others, is dead-lettered, for an
 * operator to replay.
 */
export function followEvents(options: {
  kafka: KafkaConnection;
  receiver: Receiver;
  attempts: number;
  onFatal: (error: Error) => void;
  log: Logger;
}): Promise<Consumption> {
  const { kafka, receiver, attempts, onFatal, log } = options;
  return consume<CloudEvent | undefined>({
    kafka,
    group: 'external-api',
    topics: [eventsTopic('reservation'), eventsTopic('payment')],
    decode: eventDecoder(webhookEvents),
    independent: true,
    maxBatch: 16,
    handle: async ([event], stopping) => {
      if (event) await receiver.tell(event, stopping);
    },
    attempts,
    pause: { firstMs: 200, maxMs: 10_000 },
    onFatal,
    log,
  });
}
