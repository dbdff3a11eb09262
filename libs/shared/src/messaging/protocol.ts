import Type from 'typebox';
import { commandsByType, eventsByType } from '../contracts/catalogue.ts';
import {
  type Command,
  type DomainEvent,
  dataschemaOf,
  type ParticipantName,
  type ServiceName,
} from '../contracts/define.ts';
import {
  Action,
  type CommandMessage,
  commandId,
  type EventMessage,
  Fault,
  RaiseFloor,
  Reply,
  type ReplyMessage,
  raiseFloorType,
} from '../contracts/protocol.ts';
import { Uuid } from '../contracts/values.ts';
import {
  type CloudEvent,
  decode,
  encode,
  type OutgoingRecord,
  Poison,
  type ReceivedRecord,
} from './cloud-event.ts';
import { commandsTopic, eventsTopic, repliesTopic } from './topics.ts';
import { check, validate } from './validate.ts';

/** Commands, replies and events as Kafka records and back, each checked against the schema of its contract. */

const StepName = Type.String({ pattern: '^[a-z0-9-]{1,64}$' });

export const CommandAttributes = Type.Object({
  sagaid: Uuid,
  sagano: Type.String({ pattern: '^[0-9]{1,15}$' }),
  sagastep: StepName,
  sagaaction: Action,
  oneway: Type.Optional(Type.Literal('true')),
  fault: Type.Optional(Fault),
});

export const ReplyAttributes = Type.Object({
  sagaid: Uuid,
  sagastep: StepName,
  sagaaction: Action,
});

export function encodeCommand(command: Command, message: CommandMessage): OutgoingRecord {
  const extensions: Record<string, string> = {
    sagaid: message.sagaId,
    sagano: String(message.sagaNo),
    sagastep: message.step,
    sagaaction: message.action,
  };
  if (message.oneWay) extensions.oneway = 'true';
  if (message.fault) extensions.fault = message.fault;
  check(command.payload, message.type, message.payload);
  const key = String(message.payload[command.key]);
  return encode(
    commandsTopic(command.service),
    key,
    cloudEvent('orchestrator', message, { id: message.id, extensions, data: message.payload }),
  );
}

/** Reads what a participant's commands topic may hold. */
export function commandDecoder(
  service: ParticipantName,
  commands: readonly Command[],
): (record: ReceivedRecord) => CommandMessage | { floor: number } {
  const byType = new Map(commands.map((command) => [command.type, command]));
  return (record) => {
    const event = decode(record);
    if (event.type === raiseFloorType) {
      // A constant of its own, here and below: inferred from where it goes, the type would cost the compiler seconds.
      const raise = validate(RaiseFloor, event.type, event.data);
      return raise;
    }
    const command = byType.get(event.type);
    if (!command) throw new Poison(`${service} knows no command ${event.type}`);
    const attributes = validate(CommandAttributes, event.type, event.extensions);
    const { sagaid, sagano, sagastep, sagaaction, oneway, fault } = attributes;
    if (event.id !== commandId(sagaid, sagastep, sagaaction))
      throw new Poison(`id ${event.id} isn't the one of saga ${sagaid}, ${sagastep}, ${sagaaction}`);
    check(command.payload, event.type, event.data);
    const message: CommandMessage = {
      id: event.id,
      type: event.type,
      sagaId: sagaid,
      sagaNo: Number(sagano),
      step: sagastep,
      action: sagaaction,
      payload: event.data as Record<string, unknown>,
    };
    if (oneway) message.oneWay = true;
    if (fault) message.fault = fault;
    if (event.traceparent) message.traceparent = event.traceparent;
    return message;
  };
}

export function encodeReply(service: ServiceName, to: CommandMessage, reply: Reply): OutgoingRecord {
  checkReply(commandsByType.get(to.type), to.action, reply);
  const extensions = { sagaid: to.sagaId, sagastep: to.step, sagaaction: to.action };
  return encode(
    repliesTopic,
    to.sagaId,
    cloudEvent(service, to, { id: `${to.id}/reply`, extensions, data: reply }),
  );
}

/** An undo's result is its effect alone. */
function checkReply(command: Command | undefined, action: Action, reply: Reply): void {
  if (command && reply.outcome === 'done' && action === 'do')
    check(command.result, `${command.type} result`, reply.result);
}

/** A reply as it came, with the record that carried it. */
export type ReceivedReply = ReplyMessage & { partition: number; offset: string; traceparent?: string };

export function replyDecoder(commands: readonly Command[]): (record: ReceivedRecord) => ReceivedReply {
  const byType = new Map(commands.map((command) => [command.type, command]));
  return (record) => {
    const event = decode(record);
    const command = byType.get(event.type);
    if (!command) throw new Poison(`no command ${event.type} that this could answer`);
    const attributes = validate(ReplyAttributes, event.type, event.extensions);
    const { sagaid, sagastep, sagaaction } = attributes;
    const reply = validate(Reply, event.type, event.data);
    checkReply(command, sagaaction, reply);
    const received: ReceivedReply = {
      type: event.type,
      sagaId: sagaid,
      step: sagastep,
      action: sagaaction,
      reply,
      partition: record.partition,
      offset: record.offset,
    };
    if (event.traceparent) received.traceparent = event.traceparent;
    return received;
  };
}

/** `id` has to be the same each time that this very event is published. */
export function encodeEvent(
  source: ServiceName,
  id: string,
  event: EventMessage,
  traceparent?: string,
): OutgoingRecord {
  const contract = eventsByType.get(event.type);
  if (!contract) throw new Poison(`no event ${event.type}`);
  check(contract.data, event.type, event.data);
  const cause = traceparent === undefined ? { type: event.type } : { type: event.type, traceparent };
  return encode(
    eventsTopic(contract.service),
    event.key,
    cloudEvent(source, cause, {
      id,
      subject: event.key,
      dataschema: dataschemaOf(event.type),
      extensions: {},
      data: event.data,
    }),
  );
}

/** Reads the events that `contracts` name; others on the topic are for somebody else. */
export function eventDecoder(
  contracts: readonly DomainEvent[],
): (record: ReceivedRecord) => CloudEvent | undefined {
  const byType = new Map(contracts.map((contract) => [contract.type, contract]));
  return (record) => {
    const event = decode(record);
    const contract = byType.get(event.type);
    if (!contract) return undefined;
    if (!/^[!-~]{1,255}$/.test(event.id)) throw new Poison('ce_id is not 1–255 visible ASCII characters');
    check(contract.data, event.type, event.data);
    return event;
  };
}

/** Tells a participant that sagas below the floor have all ended. */
export function encodeFloor(service: ParticipantName, floor: number): OutgoingRecord {
  const event = cloudEvent(
    'orchestrator',
    { type: raiseFloorType },
    {
      id: `floor/${floor}`,
      extensions: {},
      data: { floor },
    },
  );
  return encode(commandsTopic(service), raiseFloorType, event);
}

function cloudEvent(
  source: ServiceName,
  { type, traceparent }: { type: string; traceparent?: string },
  {
    id,
    extensions,
    data,
    subject,
    dataschema,
  }: Pick<CloudEvent, 'id' | 'extensions' | 'data' | 'subject' | 'dataschema'>,
): CloudEvent {
  const time = new Date().toISOString();
  const event: CloudEvent = { id, type, source: `/holdfast/${source}`, time, extensions, data };
  if (subject !== undefined) event.subject = subject;
  if (dataschema !== undefined) event.dataschema = dataschema;
  if (traceparent !== undefined) event.traceparent = traceparent;
  return event;
}
