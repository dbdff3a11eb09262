import type { Seat, User } from '@holdfast/client/types';
import type { Holdfast } from '../api/holdfast.ts';
import type { Journal } from '../journal.ts';
import type { Random } from '../random.ts';
import type { Deck } from './deck.ts';
import type { Fault } from './faults.ts';

/** What all users of a run share. */
export type Storm = {
  api: Holdfast;
  journal: Journal;
  concertId: string;
  /** The seats that everyone wants. */
  wanted: readonly Seat[];
  /** Free seats that nobody else asks for, for what must fail without a rival. */
  spare: Seat[];
  /** Dealt to those who reserve and pay, so that each failure meets somebody. */
  reserveFaults: Deck<Fault>;
  payFaults: Deck<Fault>;
};

export type Guest = {
  user: User;
  random: Random;
  /** Has charged too little for any seat. */
  poor: boolean;
};

/** So many seats are held together at most; a purse that isn't a poor one's is enough for them. */
export const mostTogether = 3;
