import type { KafkaConnection } from '@holdfast/shared/messaging/kafka';
import type { Knex } from 'knex';
import type { Logger } from 'pino';
import type { Receiver } from '../../external-api/receiver.ts';
import { readLag } from './lag.ts';
import { measure, windowS } from './measure.ts';
import type { Overview } from './shapes.ts';

/** The overview, made once a second at most, however many look at it; and not at all while nobody does. */
export type OverviewSource = {
  current: () => Promise<Overview>;
  /** Calls `seen` with each new one, until the returned function is called. */
  watch: (seen: (overview: Overview) => void) => () => void;
  stop: () => Promise<void>;
};

const everyMs = 1_000;
/** Less than the time between two looks, so that each sees a new one. */
const keptMs = 800;
const lagKeptMs = 4_500;

export function overviewSource(options: {
  db: Knex;
  kafka: Pick<KafkaConnection, 'lag'>;
  externalApi: Receiver['condition'] | undefined;
  log: Logger;
}): OverviewSource {
  const { db, kafka, externalApi, log } = options;
  const watchers = new Set<(overview: Overview) => void>();
  const lag = remembered(lagKeptMs, () => readLag(kafka, externalApi !== undefined));
  const current = remembered(keptMs, async (): Promise<Overview> => {
    const now = Date.now();
    const [measured, lags] = await Promise.all([
      measure(db, now),
      // Kafka may be away just when somebody looks: the rest is worth seeing all the same.
      lag().catch(() => []),
    ]);
    return {
      at: new Date(now).toISOString(),
      windowS,
      ...measured,
      ...(externalApi && { externalApi: externalApi() }),
      lag: lags,
    };
  });

  const timer = setInterval(() => {
    if (watchers.size === 0) return;
    current()
      .then((overview) => {
        for (const seen of watchers) seen(overview);
      })
      .catch((error) => log.warn({ err: error }, 'no overview'));
  }, everyMs);

  return {
    current,
    watch: (seen) => {
      watchers.add(seen);
      return () => watchers.delete(seen);
    },
    stop: async () => clearInterval(timer),
  };
}

/** Shares what `make` makes among all who ask while it is being made, or for so long from when that began. */
function remembered<Value>(ms: number, make: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | undefined;
  let until = 0;
  return () => {
    if (!value || Date.now() >= until) {
      const asked = Date.now();
      until = Number.POSITIVE_INFINITY;
      const made = make();
      value = made;
      made.then(
        () => {
          until = asked + ms;
        },
        () => {
          value = undefined;
        },
      );
    }
    return value;
  };
}
