import Type, { type Static, type TObject, type TSchema } from 'typebox';

export const serviceNames = ['orchestrator', 'reservation', 'payment', 'balance', 'token'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** The services that take commands. */
export type ParticipantName = Exclude<ServiceName, 'orchestrator'>;

/**
 * A command: what a saga asks of a participant. Its key is the payload's property whose value is the Kafka key, so
 * that an action and its compensation lie on one partition, in order.
 */
export type Command<Payload extends TObject = TObject, Result extends TSchema = TSchema> = {
  readonly kind: 'command';
  readonly service: ParticipantName;
  readonly name: string;
  /** `<service>.<name>`: the CloudEvents type. */
  readonly type: string;
  readonly key: string;
  readonly payload: Payload;
  readonly result: Result;
  /** The business refusals that it may answer with. */
  readonly refusals: readonly string[];
};

export function command<Payload extends TObject, Result extends TSchema = ReturnType<typeof nothing>>(
  service: ParticipantName,
  name: string,
  contract: {
    key: string & keyof Static<Payload>;
    payload: Payload;
    result?: Result;
    refusals?: readonly string[];
  },
): Command<Payload, Result> {
  return {
    kind: 'command',
    service,
    name,
    type: `${service}.${name}`,
    key: contract.key,
    payload: contract.payload,
    result: contract.result ?? (nothing() as TSchema as Result),
    refusals: contract.refusals ?? [],
  };
}

const nothing = () => Type.Object({});

/** A domain event: what a service says has happened, for anyone to subscribe to, on `<service>.events`. */
export type DomainEvent<Data extends TObject = TObject> = {
  readonly kind: 'event';
  readonly service: ParticipantName;
  /** The CloudEvents type. */
  readonly type: string;
  /** The property of the data that is the Kafka key and the CloudEvents subject. */
  readonly key: string;
  readonly data: Data;
  readonly description: string;
};

export function event<Data extends TObject>(
  service: ParticipantName,
  name: string,
  contract: { key: string & keyof Static<Data>; data: Data; description: string },
): DomainEvent<Data> {
  return { kind: 'event', service, type: `${service}.${name}`, ...contract };
}
