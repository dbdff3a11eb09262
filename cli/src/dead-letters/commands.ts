import { Command } from 'commander';
import { discardCommand } from './discard.ts';
import { editCommand } from './edit.ts';
import { listCommand } from './list.ts';
import { replayCommand } from './replay.ts';
import { showCommand } from './show.ts';
import { exportCommand, importCommand } from './transfer.ts';

/** `holdfast dlq …`. */
export const deadLetterCommands = (): Command => {
  const dlq = new Command('dlq').description('Dead letters: messages that could not be processed');
  for (const command of [
    listCommand(),
    showCommand(),
    replayCommand(),
    editCommand(),
    discardCommand(),
    exportCommand(),
    importCommand(),
  ])
    dlq.addCommand(command);
  return dlq;
};
