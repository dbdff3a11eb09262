import type { ParticipantName } from '@holdfast/shared/contracts/define';
import {
  type Closure,
  type Commands,
  type CommandVerdict,
  type Condition,
  type Effect,
  type LedgerChecks,
  operationPaths,
} from '@holdfast/shared/contracts/operations';
import { problem } from '@holdfast/shared/http/problems';
import type { FastifyRequest } from 'fastify';

/** The request's own headers: who asks, and as part of which trace. */
export type Caller = { authorization: string; traceparent: string };

export const callerOf = ({ headers, traceparent }: FastifyRequest): Caller => ({
  authorization: headers.authorization ?? '',
  traceparent,
});

export const participantNames: readonly ParticipantName[] = ['reservation', 'payment', 'balance', 'token'];

/** What operators ask of the participants. Each call is the operator's own, with their access token. */
export type Participants = {
  /** Base URLs of a participant's instances. */
  urls: (service: ParticipantName) => readonly string[];
  /** @throws Problem `unavailable`, as the others do, where it doesn't answer */
  verdicts: (service: ParticipantName, commands: Commands, caller: Caller) => Promise<CommandVerdict[]>;
  /** @returns the effects, by step */
  close: (service: ParticipantName, closure: Closure, caller: Caller) => Promise<Record<string, Effect>>;
  condition: (service: ParticipantName, caller: Caller) => Promise<Condition>;
  /** The last checks of the ledger, which the balance service does. */
  ledgerChecks: (caller: Caller) => Promise<LedgerChecks>;
  beginLedgerCheck: (options: { full: boolean }, caller: Caller) => Promise<LedgerChecks>;
};

export function participantClient(
  urls: Readonly<Record<ParticipantName, readonly string[] | undefined>>,
  timeoutMs: number,
): Participants {
  const of = (service: ParticipantName): readonly string[] => urls[service] ?? [];

  /** Asks one instance after the other until one answers: what is asked may be asked twice. */
  async function ask<Answer>(
    service: ParticipantName,
    path: string,
    caller: Caller,
    body?: unknown,
  ): Promise<Answer> {
    for (const url of of(service)) {
      const response = await fetch(url.replace(/\/+$/, '') + path, {
        headers: { ...caller, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(timeoutMs),
      }).catch(() => undefined);
      if (response?.ok) return (await response.json()) as Answer;
      await response?.body?.cancel();
    }
    throw problem('unavailable', `The ${service} service does not answer.`, { retryAfter: 1 });
  }

  return {
    urls: of,
    verdicts: async (service, commands, caller) =>
      (await ask<{ verdicts: CommandVerdict[] }>(service, operationPaths.verdicts, caller, { commands }))
        .verdicts,
    close: async (service, closure, caller) => {
      const { effects } = await ask<{ effects: Effect[] }>(service, operationPaths.closures, caller, closure);
      return Object.fromEntries(closure.steps.map((step, i) => [step, effects[i] as Effect]));
    },
    condition: (service, caller) => ask<Condition>(service, operationPaths.condition, caller),
    ledgerChecks: (caller) => ask<LedgerChecks>('balance', operationPaths.ledgerChecks, caller),
    beginLedgerCheck: (options, caller) =>
      ask<LedgerChecks>('balance', operationPaths.ledgerChecks, caller, options),
  };
}
