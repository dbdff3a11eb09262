import type { Decision } from '@holdfast/ops-client/types';
import { Command, Option } from 'commander';
import { action } from '../command.ts';
import { confirm } from '../output/confirm.ts';
import { ago, money } from '../output/text.ts';

type Options = { reason?: string; yes?: boolean };

/** `holdfast saga retry|compensate|settle <sagaId>`: decides on the saga as it stands, or not at all where it moves. */
export const decisionCommand = (decision: Decision, description: string): Command =>
  new Command(decision)
    .description(description)
    .argument('<sagaId>')
    .addOption(
      new Option('--reason <text>', 'why; the audit keeps it').makeOptionMandatory(decision === 'settle'),
    )
    .option('-y, --yes', 'without a question')
    .action(
      action(async (context, sagaId: string, { reason, yes = false }: Options) => {
        const { api, json, say } = context;
        const saga = await api.getSaga(sagaId);
        const about = [
          `${saga.type} ${saga.status}, ${ago(saga.startedAt)} old`,
          ...(saga.atStake ? [`${money(saga.atStake)} at stake`] : []),
          ...(saga.parkedReason ? [saga.parkedReason] : []),
        ];
        await confirm(`${about.join('; ')}.\n${description}. Go on?`, yes, context);
        const after = await api.decide(sagaId, decision, { version: saga.version, reason });
        if (json) say(JSON.stringify(after));
        else say(`${saga.status} → ${after.status}. See npx holdfast saga show ${sagaId}`);
        return 0;
      }),
    );
