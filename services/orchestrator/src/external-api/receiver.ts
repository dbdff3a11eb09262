import type { CloudEvent } from '@holdfast/shared/messaging/cloud-event';
import { Passing } from '@holdfast/shared/messaging/failing';
import {
  BrokenCircuitError,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  halfJitterGenerator,
  handleType,
} from 'cockatiel';
import type { Logger } from 'pino';
import { type ExternalApi, NotTaken, notify } from './notify.ts';

/** How the receiver looks from this process. */
export type Condition = {
  /** `closed`: it is told of every event. `open`: it is away, and asked once in a while. `half-open`: it is being asked. */
  breaker: 'closed' | 'open' | 'half-open';
  /** RFC 3339. */
  since: string;
  /** What came of the last event that it didn't take. */
  lastFailure?: string;
};

export type Receiver = {
  /**
   * @throws Refused where the event will never be taken
   * @throws Passing where that is the receiver's fault, or may be
   * @throws NotTaken where it is the event's: the receiver took others since this one failed before
   */
  tell: (event: CloudEvent, stopping: AbortSignal) => Promise<void>;
  condition: () => Condition;
};

export type BreakerOptions = {
  /** So many failures in a row, of whichever events, open it. */
  failures: number;
  /** How long it stays open before one event is let through; doubles with each that fails, up to `maxMs`, less up to half. */
  firstMs: number;
  maxMs: number;
};

export const defaultBreaker: BreakerOptions = { failures: 5, firstMs: 1_000, maxMs: 30_000 };

/** The external API with a circuit breaker before it, which all that is to be told shares. */
export function receiver(api: ExternalApi, log: Logger, options: BreakerOptions = defaultBreaker): Receiver {
  const breaker = circuitBreaker(handleType(NotTaken), {
    breaker: new ConsecutiveBreaker(options.failures),
    halfOpenAfter: new ExponentialBackoff({
      initialDelay: options.firstMs,
      maxDelay: options.maxMs,
      generator: halfJitterGenerator,
    }),
  });
  let since = new Date().toISOString();
  let lastFailure: string | undefined;
  let notBefore = 0;
  let taken = 0;
  /** How many had been taken when an event failed last. */
  const takenAtFailure = new WeakMap<CloudEvent, number>();

  breaker.onStateChange((state) => {
    since = new Date().toISOString();
    if (state === CircuitState.Open)
      log.warn({ lastFailure }, 'the external API is away: it is asked once in a while');
    if (state === CircuitState.Closed) log.info('the external API is back');
  });

  async function tell(event: CloudEvent, stopping: AbortSignal): Promise<void> {
    if (Date.now() < notBefore)
      throw new Passing(`it asks to be left alone until ${new Date(notBefore).toISOString()}`);
    try {
      await breaker.execute(() => notify(api, event, stopping));
      taken++;
    } catch (error) {
      if (error instanceof BrokenCircuitError) throw new Passing('the circuit is open', { cause: error });
      if (!(error instanceof NotTaken)) throw error;
      lastFailure = error.message;
      notBefore = Math.max(notBefore, Date.now() + (error.retryAfterMs ?? 0));
      const before = takenAtFailure.get(event);
      takenAtFailure.set(event, taken);
      const busy = error.retryAfterMs !== undefined;
      const isTheEvents = !busy && before !== undefined && taken > before;
      throw isTheEvents ? error : new Passing(error.message, { cause: error });
    }
  }

  return {
    tell,
    condition: () => ({
      breaker: names[breaker.state],
      since,
      ...(lastFailure !== undefined && { lastFailure }),
    }),
  };
}

const names = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
  // Nobody isolates it by hand.
  [CircuitState.Isolated]: 'open',
} as const satisfies Record<CircuitState, Condition['breaker']>;
