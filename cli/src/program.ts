import completion from '@bomb.sh/tab/commander';
import { Command, Option } from 'commander';
import { deadLetterCommands } from './dead-letters/commands.ts';
import { ledgerCommands } from './ledger/commands.ts';
import { sagaCommands } from './sagas/commands.ts';
import { loginCommand } from './session/login.ts';
import { systemCommands } from './system/commands.ts';

/** `npx holdfast`: the operators' commands. Each exits with 0, or with 1 where something is amiss; usage is 2. */
export function buildProgram(): Command {
  const program = new Command('holdfast')
    .description(
      'Dead letters, sagas and locks of a running Holdfast. Its access token is in HOLDFAST_TOKEN.',
    )
    .addOption(new Option('--url <url>', 'the origin').env('HOLDFAST_URL').default('http://localhost:8080'))
    .option('--json', 'for machines: what the API answers')
    .option('--no-color', 'without colours (also with NO_COLOR set)')
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

  for (const command of [
    deadLetterCommands(),
    sagaCommands(),
    ledgerCommands(),
    ...systemCommands(),
    loginCommand(),
  ])
    program.addCommand(command);
  for (const command of everyCommandOf(program)) command.copyInheritedSettings(program);
  completion(program);
  return program;
}

const everyCommandOf = (command: Command): Command[] =>
  command.commands.flatMap((own) => [own as Command, ...everyCommandOf(own as Command)]);
