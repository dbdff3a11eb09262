import Type, { type Static, type TObject, type TSchema } from 'typebox';

export const serviceNames = ['orchestrator', 'reservation', 'payment', 'balance', 'token'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** One value for each service. */
export function forEachService<Value>(make: (name: ServiceName) => Value): Record<ServiceName, Value> {
  return Object.fromEntries(serviceNames.map((name) => [name, make(name)])) as Record<ServiceName, Value>;
}

/** The services that take commands. */
export type ParticipantName = Exclude<ServiceName, 'orchestrator'>;

/**
 * A command: what a saga asks of a participant. Its key is the payload's property whose value is the Kafka key, so
 * that an action and its compensation lie on one partition, in order.
 */
// biome-ignore lint/suspicious/noExplicitAny: a command of any payload and result
export type Command<Payload = any, Result = any> = {
  readonly kind: 'command';
  readonly service: ParticipantName;
  readonly name: string;
  /** `<service>.<name>`: the CloudEvents type. */
  readonly type: string;
  readonly key: string;
  readonly payload: TObject;
  readonly result: TSchema;
  /** The business refusals that it may answer with. */
  readonly refusals: readonly string[];
  /** Only for the types: the schemas' own would cost the compiler seconds wherever two commands meet. */
  readonly types?: { payload: Payload; result: Result };
};

export function command<Payload extends TObject, Result extends TSchema = ReturnType<typeof nothing>>(
  service: ParticipantName,
  name: string,
  contract: {
    key: string & keyof Payload['properties'];
    payload: Payload;
    result?: Result;
    refusals?: readonly string[];
  },
): Command<Static<Payload>, Static<Result>> {
  return {
    kind: 'command',
    service,
    name,
    type: `${service}.${name}`,
    key: contract.key,
    payload: contract.payload,
    result: contract.result ?? nothing(),
    refusals: contract.refusals ?? [],
  };
}

const nothing = () => Type.Object({});

/** A domain event: what a service says has happened, for anyone to subscribe to, on `<service>.events`. */
// biome-ignore lint/suspicious/noExplicitAny: an event of any data
export type DomainEvent<Data = any> = {
  readonly kind: 'event';
  readonly service: ParticipantName;
  /** The CloudEvents type. An event whose data changes so that its readers would break has another: `<type>.v2`. */
  readonly type: string;
  /** The property of the data that is the Kafka key and the CloudEvents subject. */
  readonly key: string;
  readonly data: TObject;
  readonly description: string;
  /** Only for the types. */
  readonly types?: { data: Data };
};

export function event<Data extends TObject>(
  service: ParticipantName,
  name: string,
  contract: { key: string & keyof Data['properties']; data: Data; description: string },
): DomainEvent<Static<Data>> {
  return { kind: 'event', service, type: `${service}.${name}`, ...contract };
}

/** The URI that names the schema of an event's data: `urn:holdfast:event:payment.completed:v1`. */
export function dataschemaOf(type: string): string {
  const [, name, version = '1'] = /^(.+?)(?:\.v(\d+))?$/.exec(type) as RegExpExecArray;
  return `urn:holdfast:event:${name}:v${version}`;
}
