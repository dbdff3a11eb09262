import type { Holdfast } from './api/holdfast.ts';
import type { Venue } from './catalogue.ts';
import type { Journal } from './journal.ts';
import type { Options } from './options.ts';

/** What all phases of a run share. */
export type Run = {
  api: Holdfast;
  journal: Journal;
  venue: Venue;
  /** Whether the system lets itself be made to fail. */
  faults: boolean;
  options: Options;
};
