import Type, { type TObject, type TSchema } from 'typebox';
import { catalogue } from '../contracts/catalogue.ts';
import { type Command, type DomainEvent, dataschemaOf, type ServiceName } from '../contracts/define.ts';
import { Audited, auditedType } from '../contracts/ops.ts';
import { RaiseFloor, Reply, raiseFloorType } from '../contracts/protocol.ts';
import { CommandAttributes, ReplyAttributes } from '../messaging/protocol.ts';
import {
  auditTopic,
  commandsTopic,
  deadLetterTopic,
  eventsTopic,
  repliesTopic,
} from '../messaging/topics.ts';

/**
 * The AsyncAPI 3.0 document of every topic, made from the schemas that validate what is on them.
 * https://www.asyncapi.com/docs/reference/specification/v3.0.0
 */
export function asyncApiDocument() {
  const messages: Record<string, Message> = {};
  const channels: Record<string, Channel> = {};
  const operations: Record<string, Operation> = {};

  const describe = (
    topic: string,
    description: string,
    on: Record<string, Message>,
    from: ServiceName[],
    to: ServiceName[],
  ): void => {
    Object.assign(messages, on);
    channels[topic] = {
      address: topic,
      description,
      messages: Object.fromEntries(
        Object.keys(on).map((name) => [name, { $ref: `#/components/messages/${name}` }]),
      ),
    };
    const refs = Object.keys(on).map((name) => ({ $ref: `#/channels/${topic}/messages/${name}` }));
    const operation = { channel: { $ref: `#/channels/${topic}` }, messages: refs };
    for (const service of from) operations[`${service}-sends-${topic}`] = { action: 'send', ...operation };
    for (const service of to)
      operations[`${service}-receives-${topic}`] = { action: 'receive', ...operation };
    const letters = deadLetterTopic(topic);
    channels[letters] = {
      address: letters,
      description: `What could not be processed of ${topic}, byte for byte, with dlq_… headers that say why.`,
      messages: { deadLetter: { $ref: '#/components/messages/deadLetter' } },
    };
  };

  for (const { service, commands, events } of catalogue) {
    const commandMessages = commands.map((command) => [command.type, commandMessage(command)] as const);
    describe(
      commandsTopic(service),
      `What the ${service} service is asked to do.`,
      { ...Object.fromEntries(commandMessages), [raiseFloorType]: floorMessage },
      ['orchestrator'],
      [service],
    );
    describe(
      eventsTopic(service),
      `What has happened in the ${service} service, for anyone to subscribe to.`,
      Object.fromEntries(events.map((event) => [event.type, eventMessage(event)])),
      // The saga's end is the orchestrator's to tell.
      service === 'payment' ? [service, 'orchestrator'] : [service],
      [],
    );
  }
  describe(
    repliesTopic,
    'How commands came out. The type is the command’s.',
    { reply: replyMessage },
    catalogue.map(({ service }) => service),
    ['orchestrator'],
  );

  messages[auditedType] = auditMessage;
  channels[auditTopic] = {
    address: auditTopic,
    description: 'What operators have changed: who, when, what, why, before and after.',
    messages: { [auditedType]: { $ref: `#/components/messages/${auditedType}` } },
  };
  operations[`orchestrator-sends-${auditTopic}`] = {
    action: 'send',
    channel: { $ref: `#/channels/${auditTopic}` },
    messages: [{ $ref: `#/channels/${auditTopic}/messages/${auditedType}` }],
  };

  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Holdfast',
      version: '1.0.0',
      description:
        'CloudEvents 1.0 in the Kafka binding’s binary mode, JSON data. Delivery is at least once: the id of an event is the same each time.',
    },
    defaultContentType: 'application/json',
    channels,
    operations,
    components: { messages: { ...messages, deadLetter: deadLetterMessage } },
  };
}

type Ref = { $ref: string };
type Message = {
  name: string;
  summary: string;
  contentType?: string;
  headers: TSchema;
  payload: TSchema;
  bindings?: { kafka: { key: TSchema } };
};
type Channel = { address: string; description: string; messages: Record<string, Ref> };
type Operation = { action: 'send' | 'receive'; channel: Ref; messages: Ref[] };

const coreHeaders = {
  'content-type': Type.Literal('application/json; charset=utf-8'),
  ce_specversion: Type.Literal('1.0'),
  ce_source: Type.String({ description: '/holdfast/<service>' }),
  ce_time: Type.String({ format: 'date-time' }),
  traceparent: Type.Optional(Type.String({ description: 'W3C Trace Context' })),
};

function headers(id: string, type: TSchema, attributes: TObject['properties'] = {}): TSchema {
  const extensions = Object.fromEntries(
    Object.entries(attributes).map(([name, schema]) => [`ce_${name}`, schema]),
  );
  return Type.Object({
    ...coreHeaders,
    ce_id: Type.String({ description: id }),
    ce_type: type,
    ...extensions,
  });
}

const commandMessage = (command: Command): Message => ({
  name: command.type,
  summary:
    command.refusals.length > 0 ? `May be refused: ${command.refusals.join(', ')}.` : 'Is not refused.',
  headers: headers('saga, step and action', Type.Literal(command.type), CommandAttributes.properties),
  payload: command.payload,
  bindings: { kafka: { key: Type.String({ description: command.key }) } },
});

const eventMessage = (event: DomainEvent): Message => ({
  name: event.type,
  summary: event.description,
  headers: headers('the same each time that this event is published', Type.Literal(event.type), {
    subject: Type.String({ description: event.key }),
    dataschema: Type.Literal(dataschemaOf(event.type)),
  }),
  payload: event.data,
  bindings: { kafka: { key: Type.String({ description: event.key }) } },
});

const floorMessage: Message = {
  name: raiseFloorType,
  summary: 'Sagas below the floor have all ended: their commands may be forgotten.',
  headers: headers('floor/<floor>', Type.Literal(raiseFloorType)),
  payload: RaiseFloor,
};

const replyMessage: Message = {
  name: 'reply',
  summary: 'The answer to a command.',
  headers: headers(
    'the command’s id, and /reply',
    Type.String({ description: 'the command’s' }),
    ReplyAttributes.properties,
  ),
  payload: Reply,
  bindings: { kafka: { key: Type.String({ description: 'saga id' }) } },
};

const auditMessage: Message = {
  name: auditedType,
  summary: 'A change by an operator, or the intention of one.',
  headers: headers('audit/<auditId>', Type.Literal(auditedType)),
  payload: Audited,
  bindings: { kafka: { key: Type.String({ description: 'the subject' }) } },
};

const deadLetterMessage: Message = {
  name: 'deadLetter',
  summary: 'A record as it came, and why it could not be processed.',
  contentType: 'application/octet-stream',
  headers: Type.Object({
    dlq_topic: Type.String(),
    dlq_partition: Type.String(),
    dlq_offset: Type.String(),
    dlq_timestamp: Type.String({ description: 'ms since the epoch' }),
    dlq_group: Type.String(),
    dlq_error_class: Type.String(),
    dlq_error_message: Type.String(),
    dlq_stack_hash: Type.String(),
    dlq_attempts: Type.String(),
    dlq_first_failure: Type.String({ format: 'date-time' }),
    dlq_last_failure: Type.String({ format: 'date-time' }),
    dlq_replays: Type.Optional(
      Type.String({ description: 'how often it was sent again before it failed here' }),
    ),
    dlq_letter: Type.Optional(Type.String({ description: 'the letter that it was replayed from' })),
    dlq_replaces: Type.Optional(
      Type.String({ description: 'the letter in whose place an operator sent it' }),
    ),
  }),
  payload: Type.Unknown(),
};
