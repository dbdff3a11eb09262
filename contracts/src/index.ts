export { contracts } from './events.ts';
export { type Contract, type Envelope, eventReader, InvalidEvent, type RecordHeaders } from './read.ts';

import type { Static } from 'typebox';
import { contracts } from './events.ts';
import { type Envelope, eventReader } from './read.ts';

export type EventType = keyof typeof contracts;

/** An event of one type: `EventOf<'payment.completed'>`. */
export type EventOf<Type extends EventType> = Envelope<Type, Static<(typeof contracts)[Type]['data']>>;

/** Any event that this package knows: a union that `type` tells apart. */
export type HoldfastEvent = { [Type in EventType]: EventOf<Type> }[EventType];

/** The topics of these events, without the prefix that an installation may have. */
export const topics: readonly string[] = [...new Set(Object.values(contracts).map(({ topic }) => topic))];

const reader = eventReader<HoldfastEvent>(contracts);

/**
 * Reads a record from Kafka: a CloudEvent in binary mode.
 *
 * @returns undefined where this package doesn't know the type: it may be newer
 * @throws InvalidEvent where it is no CloudEvent, or isn't what its type promises
 */
export const readEvent = reader.fromRecord;

/**
 * Reads the body of a webhook: a CloudEvent in structured mode. Verify its signature first, over the bytes that came.
 *
 * @returns and throws as {@link readEvent}
 */
export const readWebhook = reader.fromStructured;
