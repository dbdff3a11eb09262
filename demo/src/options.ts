import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { cannotRun } from './cannot-run.ts';

export type Options = {
  url: string;
  /** Where the launcher says how to reach its Postgres; unset when it wasn't the launcher that started the demo. */
  dataDir: string | undefined;
  users: number;
  seats: number;
  /** The random choices follow from it; the order in which requests meet doesn't. */
  seed: number;
  /** Requests under way at once. */
  concurrency: number;
};

export const usage = `npm run demo -- [options], against a running system (npm start)

  --users <n>        how many want a seat (400)
  --seats <n>        how many seats they want (40)
  --concurrency <n>  requests under way at once (100)
  --seed <n>         of the random choices (random)
  --help`;

/** @throws CannotRun for an option that isn't known or isn't a number; undefined when only help was asked for */
export function readOptions(args: string[], env: NodeJS.ProcessEnv): Options | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  return {
    url: (env.HOLDFAST_URL ?? 'http://localhost:8080').replace(/\/+$/, ''),
    dataDir: env.HOLDFAST_DATA,
    users: count('users', values.users, 10_000),
    seats: count('seats', values.seats, 1_000),
    seed: values.seed === undefined ? randomInt(2 ** 31) : count('seed', values.seed, 2 ** 32),
    concurrency: count('concurrency', values.concurrency, 1_000),
  };
}

function parse(args: string[]) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        users: { type: 'string', default: '400' },
        seats: { type: 'string', default: '40' },
        concurrency: { type: 'string', default: '100' },
        seed: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (error) {
    throw cannotRun(`${(error as Error).message}\n\n${usage}`);
  }
}

function count(name: string, text: string, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= max) return value;
  throw cannotRun(`--${name} has to be a whole number from 1 to ${max}`);
}
