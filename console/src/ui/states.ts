import type { Finding, HeldLock, LetterStatus, Replay, SagaStatus, SagaStep, Verdict } from '../api/types.ts';
import type { MarkOf } from './mark.tsx';

/** The shape, tone and word of every state that the API knows, in the words of the code and the tables. */

export const sagaMarks: Record<SagaStatus, MarkOf> = {
  RUNNING: { shape: 'run', tone: 'accent', word: 'Running' },
  COMPENSATING: { shape: 'undo', tone: 'warn', word: 'Compensating' },
  COMPLETED: { shape: 'check', tone: 'plain', word: 'Completed' },
  COMPENSATED: { shape: 'undone', tone: 'plain', word: 'Compensated' },
  PARKED: { shape: 'pause', tone: 'bad', word: 'Parked' },
  SETTLED: { shape: 'stamp', tone: 'plain', word: 'Settled' },
};
export const sagaStatuses = Object.keys(sagaMarks) as SagaStatus[];

export const stepMarks: Record<SagaStep['status'], MarkOf> = {
  PENDING: { shape: 'ring', tone: 'muted', word: 'Not sent' },
  SENT: { shape: 'run', tone: 'accent', word: 'Sent' },
  DONE: { shape: 'check', tone: 'plain', word: 'Done' },
  REFUSED: { shape: 'cross', tone: 'warn', word: 'Refused' },
  UNKNOWN: { shape: 'question', tone: 'warn', word: 'Unknown' },
  UNDOING: { shape: 'undo', tone: 'warn', word: 'Undoing' },
  UNDONE: { shape: 'undone', tone: 'plain', word: 'Undone' },
};

export const verdictMarks: Record<Verdict, MarkOf> = {
  'will-run': { shape: 'run', tone: 'accent', word: 'Will run' },
  'already-done': { shape: 'checks', tone: 'plain', word: 'Already done' },
  'cancelled-since': { shape: 'slash', tone: 'plain', word: 'Cancelled since' },
  'below-floor': { shape: 'floor', tone: 'plain', word: 'Below the floor' },
  unreadable: { shape: 'cross', tone: 'bad', word: 'Unreadable' },
  unknown: { shape: 'question', tone: 'warn', word: 'Unknown' },
};
export const verdicts = Object.keys(verdictMarks) as Verdict[];

export const letterMarks: Record<LetterStatus, MarkOf> = {
  OPEN: { shape: 'letter', tone: 'bad', word: 'Open' },
  QUEUED: { shape: 'queue', tone: 'accent', word: 'Queued' },
  REPLAYED: { shape: 'check', tone: 'plain', word: 'Replayed' },
  EDITED: { shape: 'pencil', tone: 'plain', word: 'Edited' },
  FAILED_AGAIN: { shape: 'cross', tone: 'warn', word: 'Failed again' },
  DISCARDED: { shape: 'slash', tone: 'muted', word: 'Discarded' },
};
export const letterStatuses = Object.keys(letterMarks) as LetterStatus[];

export const replayMarks: Record<Replay['status'], MarkOf> = {
  RUNNING: { shape: 'run', tone: 'accent', word: 'Running' },
  DONE: { shape: 'check', tone: 'plain', word: 'Done' },
  STOPPED: { shape: 'stop', tone: 'warn', word: 'Stopped' },
};

export const findingMarks: Record<Finding['status'], MarkOf> = {
  ok: { shape: 'check', tone: 'plain', word: 'OK' },
  warning: { shape: 'warning', tone: 'warn', word: 'Warning' },
  failed: { shape: 'stop', tone: 'bad', word: 'Failed' },
};

export const redisMarks: Record<HeldLock['redis']['state'], MarkOf> = {
  held: { shape: 'check', tone: 'plain', word: 'Held' },
  missing: { shape: 'warning', tone: 'warn', word: 'Missing' },
  other: { shape: 'cross', tone: 'bad', word: "Another's" },
  unknown: { shape: 'question', tone: 'warn', word: 'Unknown' },
};
