import { parseArgs } from 'node:util';
import { type Fault, nameOf } from './faults/fault.ts';

export type Options = {
  minutes: number;
  seed: number;
  /** Sessions that begin in a second; each is a hold, and half of them are a payment as well. */
  rate: number;
  faults: readonly Fault[];
  /** The command that does the same once more. */
  command: string;
  list: boolean;
  check: boolean;
  help: boolean;
};

export const usage = `npm run chaos -- [--minutes 3] [--seed N] [--rate 26] [--only kind,kind:target] [--list] [--check]

Breaks a system of its own, on real parts, under a seeded load, and then checks every promise.

  --minutes  how long faults are injected; every one is injected once all the same
  --seed     decides what users do and which faults come when
  --rate     sessions that begin in a second: each holds a seat, half of them pay
  --only     these faults only, of those that --list shows
  --check    checks once more what the last run has left behind

Ctrl-C ends it early; what was done is checked all the same. It exits with 1 where a promise was broken.`;

/** @throws Error, in one line, for arguments that make no sense */
export function readOptions(args: string[], known: readonly Fault[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: 'string', default: '3' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
      rate: { type: 'string', default: '26' },
      only: { type: 'string' },
      list: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const { minutes, seed, rate, only, list, check, help } = values;
  return {
    minutes: number('minutes', minutes),
    seed: number('seed', seed),
    rate: number('rate', rate),
    faults: only === undefined ? known : chosen(only.split(','), known),
    command: `npm run chaos -- --minutes ${minutes} --seed ${seed} --rate ${rate}${only ? ` --only ${only}` : ''}`,
    list,
    check,
    help,
  };
}

function number(name: string, text: string): number {
  const value = Number(text);
  if (text !== '' && value >= 0) return value;
  throw new Error(`--${name} ${text} is no number`);
}

function chosen(names: string[], known: readonly Fault[]): Fault[] {
  return names.flatMap((name) => {
    const found = known.filter((fault) => fault.kind === name || nameOf(fault) === name);
    if (found.length > 0) return found;
    throw new Error(`--only ${name}: there is no such fault, see --list`);
  });
}
