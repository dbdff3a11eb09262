import * as balance from './balance.ts';
import type { Command, DomainEvent, ParticipantName } from './define.ts';
import * as payment from './payment.ts';
import * as reservation from './reservation.ts';
import * as token from './token.ts';

/** All contracts, by the service that keeps them. */
export const catalogue: readonly {
  service: ParticipantName;
  commands: readonly Command[];
  events: readonly DomainEvent[];
}[] = Object.entries({ reservation, payment, balance, token }).map(([service, module]) => {
  const contracts = Object.values<Command | DomainEvent>(module);
  return {
    service: service as ParticipantName,
    commands: contracts.filter((contract) => contract.kind === 'command'),
    events: contracts.filter((contract) => contract.kind === 'event'),
  };
});

export const commandsByType: ReadonlyMap<string, Command> = new Map(
  catalogue.flatMap(({ commands }) => commands.map((command) => [command.type, command])),
);

export const eventsByType: ReadonlyMap<string, DomainEvent> = new Map(
  catalogue.flatMap(({ events }) => events.map((event) => [event.type, event])),
);

/** What the external API is told of: that a saga has ended well. */
export const webhookEvents: readonly DomainEvent[] = [
  reservation.reservationHeld,
  payment.paymentCompleted,
  payment.paymentRefunded,
];
