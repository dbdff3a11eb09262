import Compile, { type Validator } from 'typebox/compile';

/** What is promised of one type of event. */
export type Contract = {
  readonly topic: string;
  /** The property of the data that is the Kafka key: events of one key come in their order. */
  readonly key: string;
  readonly dataschema: string;
  readonly description: string;
  /** The date since which it isn't published any more; what is on its topic is still to be read. */
  readonly retired?: string;
  /** JSON Schema of the data. Whatever else is in the data is from a newer version, and is left as it is. */
  readonly data: object;
};

/** A CloudEvent 1.0. */
export type Envelope<Type extends string = string, Data = unknown> = {
  /** The same each time that this event is published or sent: whoever has seen it has seen the event. */
  id: string;
  type: Type;
  source: string;
  /** RFC 3339: when it was published. */
  time: string;
  subject?: string;
  dataschema?: string;
  /** W3C Trace Context. */
  traceparent?: string;
  /** All other attributes of the CloudEvent. */
  extensions: Record<string, string>;
  data: Data;
};

/** Headers as clients of Kafka give them: bytes or text, several where a name comes several times. */
export type RecordHeaders = Readonly<
  Record<string, Uint8Array | string | readonly (Uint8Array | string)[] | null | undefined>
>;

/** It is no CloudEvent with JSON data, or the data isn't what its type promises. */
export class InvalidEvent extends Error {
  override name = 'InvalidEvent';
}

/** Reads events of these types, by type. For whoever knows more than this package: types of their own, or a newer version. */
export function eventReader<Event extends Envelope>(contracts: Readonly<Record<string, Contract>>) {
  const validators = new Map<string, Validator>();

  function checked(attributes: Map<string, string>, dataOf: () => unknown): Event | undefined {
    const type = required(attributes, 'type');
    if (required(attributes, 'specversion') !== '1.0') throw new InvalidEvent('specversion is not 1.0');
    const contract = Object.hasOwn(contracts, type) ? contracts[type] : undefined;
    if (!contract) return undefined;
    const event: Envelope = {
      id: required(attributes, 'id'),
      type,
      source: required(attributes, 'source'),
      time: required(attributes, 'time'),
      extensions: {},
      data: dataOf(),
    };
    for (const [name, value] of attributes)
      if (isOptional(name)) event[name] = value;
      else if (!core.has(name)) event.extensions[name] = value;
    const validator = validators.get(type) ?? Compile(contract.data);
    validators.set(type, validator);
    if (!validator.Check(event.data)) {
      const [first] = validator.Errors(event.data);
      throw new InvalidEvent(`${type}: ${first?.instancePath || '/'} ${first?.message}`);
    }
    return event as Event;
  }

  return {
    fromRecord(headers: RecordHeaders, value: Uint8Array | string | null): Event | undefined {
      const attributes = new Map<string, string>();
      let contentType = '';
      for (const [name, header] of Object.entries(headers)) {
        // Whoever carries it on may have added one of theirs: the first is ours.
        const first = Array.isArray(header) ? header[0] : header;
        if (first == null) continue;
        if (name.startsWith('ce_')) attributes.set(name.slice(3), text(first));
        else if (name === 'traceparent') attributes.set(name, text(first));
        else if (name === 'content-type') contentType = text(first);
      }
      return checked(attributes, () => {
        if (!isJson.test(contentType)) throw new InvalidEvent('content-type is not application/json');
        return parse(value);
      });
    },

    fromStructured(body: Uint8Array | string): Event | undefined {
      const envelope = parse(body);
      if (typeof envelope !== 'object' || envelope === null) throw new InvalidEvent('it is no CloudEvent');
      const { data, ...rest } = envelope as Record<string, unknown>;
      const attributes = new Map(
        Object.entries(rest).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      );
      return checked(attributes, () => data);
    },
  };
}

const optional = ['subject', 'dataschema', 'traceparent'] as const;
const isOptional = (name: string): name is (typeof optional)[number] => optional.some((one) => one === name);
const core: ReadonlySet<string> = new Set(['specversion', 'id', 'type', 'source', 'time', 'datacontenttype']);
const isJson = /^application\/json\s*(;|$)/i;

function required(attributes: Map<string, string>, name: string): string {
  const value = attributes.get(name);
  if (!value) throw new InvalidEvent(`it has no ${name}`);
  return value;
}

const decoder = new TextDecoder();
const text = (value: Uint8Array | string): string =>
  typeof value === 'string' ? value : decoder.decode(value);

function parse(value: Uint8Array | string | null): unknown {
  try {
    return JSON.parse(text(value ?? ''));
  } catch {
    throw new InvalidEvent('it is not JSON');
  }
}
