import { gauges } from '@holdfast/shared/telemetry/registry';
import type { OverviewSource } from './watch.ts';

/** The overview as metrics. Every instance tells the same, for it is all in the database and in Kafka. */
export function overviewGauges(overview: Pick<OverviewSource, 'current'>): void {
  gauges(
    {
      holdfast_sagas_in_flight: { help: 'Sagas under way' },
      holdfast_sagas_compensating: { help: 'Those of them that are compensated' },
      holdfast_sagas_overdue: { help: 'Those of them whose time has run out and that nobody has carried on' },
      holdfast_sagas_parked: { help: 'Sagas that wait for an operator, their seats locked' },
      holdfast_saga_oldest_in_flight_seconds: { help: 'Age of the oldest saga under way' },
      holdfast_locks_held: { help: 'Seats that are locked by unfinished sagas' },
      holdfast_dead_letters_open: {
        help: 'Dead letters that nobody has dealt with, by the topic that they come from',
        labels: ['messaging_destination_name'],
      },
      holdfast_consumer_lag_messages: {
        help: 'Messages that a consumer group has not got done, by topic',
        labels: ['messaging_consumer_group_name', 'messaging_destination_name'],
      },
    },
    async () => {
      const { sagas, locks, deadLetters, lag } = await overview.current();
      return {
        holdfast_sagas_in_flight: sagas.inFlight,
        holdfast_sagas_compensating: sagas.compensating,
        holdfast_sagas_overdue: sagas.overdue,
        holdfast_sagas_parked: sagas.parked,
        holdfast_saga_oldest_in_flight_seconds: (sagas.oldestInFlightMs ?? 0) / 1_000,
        holdfast_locks_held: locks.held,
        holdfast_dead_letters_open: deadLetters.byTopic.map(({ topic, open }) => [
          { messaging_destination_name: topic },
          open,
        ]),
        holdfast_consumer_lag_messages: lag.map(({ group, topic, lag }) => [
          { messaging_consumer_group_name: group, messaging_destination_name: topic },
          lag,
        ]),
      };
    },
  );
}
