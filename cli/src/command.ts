import { type OpsClient, opsClient } from '@holdfast/ops-client/client';
import { ApiProblem } from '@holdfast/ops-client/problem';
import type { Command } from 'commander';
import { colours, type Paint } from './output/colour.ts';
import { keptToken } from './session/kept-token.ts';

export type Context = {
  api: OpsClient;
  url: string;
  /** For machines rather than people. */
  json: boolean;
  paint: Paint;
  say: (line?: string) => void;
  /** Whether somebody can be asked. */
  interactive: boolean;
};

type Global = { url: string; json?: boolean; color: boolean };

/** What the user has to be told in one line, and no more. */
export class Refusal extends Error {}

/**
 * The action of a command: its arguments and options, and what it needs. What it throws is told in a line; its number,
 * if it gives one, is the exit code.
 */
export function action<Given extends unknown[]>(
  work: (context: Context, ...given: Given) => Promise<number | undefined>,
): (...given: unknown[]) => Promise<void> {
  return async (...all) => {
    const command = all.at(-1) as Command;
    const context = contextOf(command.optsWithGlobals<Global>());
    try {
      process.exitCode = (await work(context, ...(all.slice(0, -1) as Given))) ?? 0;
    } catch (error) {
      process.exitCode = 1;
      tell(error, context);
    }
  };
}

function contextOf({ url, json = false, color }: Global): Context {
  const origin = url.replace(/\/+$/, '');
  return {
    api: opsClient(origin, () => process.env.HOLDFAST_TOKEN || keptToken(origin)),
    url: origin,
    json,
    paint: colours(color && !json && process.stdout.isTTY === true && !process.env.NO_COLOR),
    say: (line = '') => console.log(line),
    interactive: process.stdin.isTTY === true && process.stdout.isTTY === true && !json,
  };
}

function tell(error: unknown, { json }: Context): void {
  if (error instanceof ApiProblem) {
    const { status, code, message, errors } = error;
    if (json) console.error(JSON.stringify({ status, code, detail: message, errors }));
    else console.error([`✖ ${message}`, ...errors.map((one) => `  ${one.path} ${one.message}`)].join('\n'));
    if (!json && status === 401)
      console.error('  Set HOLDFAST_TOKEN to an access token with the role viewer or operator;');
    if (!json && status === 401) console.error('  in development, npx holdfast login makes one.');
  } else if (error instanceof Refusal)
    console.error(json ? JSON.stringify({ detail: error.message }) : `✖ ${error.message}`);
  else throw error;
}
