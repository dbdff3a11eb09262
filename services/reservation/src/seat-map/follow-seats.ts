import type { Database } from '@holdfast/shared/database/query';
import { follow } from '@holdfast/shared/messaging/follow';
import type { KafkaConnection } from '@holdfast/shared/messaging/kafka';
import { eventsTopic } from '@holdfast/shared/messaging/topics';
import { giveUp } from '@holdfast/shared/process/lifecycle';
import type { Logger } from 'pino';
import { type Live, liveSeats } from './live.ts';
import { readStatusesOf } from './statuses.ts';

/** Follows the seats by the events of reservations, which every instance reads all of. */
export async function followSeats({
  db,
  kafka,
  log,
}: {
  db: Database;
  kafka: KafkaConnection;
  log: Logger;
}): Promise<Live> {
  const live = liveSeats(
    (concertSeatIds) => readStatusesOf(db, concertSeatIds),
    { everyMs: 250, maxEvents: 20_000, maxChanges: 5_000, maxPerformances: 200 },
    log,
  );
  const following = await follow({
    kafka,
    topic: eventsTopic('reservation'),
    name: 'reservation-seats',
    begin: live.begin,
    take: live.take,
    // kafkajs doesn't come back by itself.
    onFatal: giveUp,
    log,
  });
  return {
    ...live,
    stop: async () => {
      await following.stop();
      await live.stop();
    },
  };
}
