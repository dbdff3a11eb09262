import { parseArgs } from 'node:util';
import { type Fault, nameOf } from './faults/fault.ts';

export type Options = {
  minutes: number;
  seed: number;
  /** Sessions that begin in a second; each is a hold, and most are a payment as well. */
  rate: number;
  faults: readonly Fault[];
};

export const usage = `npm run chaos -- [--minutes 5] [--seed N] [--rate 26] [--only kind,kind:target] [--list]

Breaks a system of its own, on real parts, under a seeded load, and then checks every promise. It takes the minutes that it
is given, or as long as every fault needs to be injected once. Ctrl-C ends it early; what was done is checked all the same.`;

/** @throws Error, in one line, for arguments that make no sense */
export function readOptions(args: string[], known: readonly Fault[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: 'string', default: '5' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
      rate: { type: 'string', default: '26' },
      only: { type: 'string' },
    },
  });
  return {
    minutes: number('minutes', values.minutes),
    seed: number('seed', values.seed),
    rate: number('rate', values.rate),
    faults: values.only === undefined ? known : chosen(values.only.split(','), known),
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
