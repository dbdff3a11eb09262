import { call } from './call.ts';
import type {
  AuditEntry,
  Decision,
  Examination,
  HeldLock,
  Letter,
  LetterDetail,
  LetterGroup,
  LetterSelection,
  LetterStatus,
  Me,
  Page,
  Preview,
  Replay,
  Role,
  SagaDetail,
  SagaStatus,
  SagaSummary,
} from './types.ts';

/** Every request of the console, once. */

type Paged = { cursor?: string | undefined; limit?: number };

export type SagaFilter = {
  status?: SagaStatus[];
  type?: string;
  overdue?: boolean | undefined;
  userId?: string;
  lockKey?: string;
};

export type LetterFilter = {
  topic?: string;
  type?: string;
  errorGroup?: string;
  sagaId?: string;
  since?: string;
  until?: string;
  status?: LetterStatus[];
};

export const me = (token?: string) => call<Me>('GET', '/ops/v1/me', token === undefined ? {} : { token });

export const makeOperator = (body: { name: string; role: Role }) =>
  call<{ operatorId: string; accessToken: string }>('POST', '/v1/dev/operators', { body, token: '' });

export const openApi = () =>
  call<{ paths: Record<string, unknown> }>('GET', '/openapi/orchestrator.json', { token: '' });

export const listSagas = (filter: SagaFilter & Paged) =>
  call<Page<SagaSummary>>('GET', '/ops/v1/sagas', { query: filter });

export const getSaga = (sagaId: string) => call<SagaDetail>('GET', `/ops/v1/sagas/${sagaId}`);

export const decide = (sagaId: string, decision: Decision, body: { version: number; reason?: string }) =>
  call<SagaDetail>('POST', `/ops/v1/sagas/${sagaId}/${decision}`, { body });

export const listLocks = (page: Paged) => call<Page<HeldLock>>('GET', '/ops/v1/locks', { query: page });

export const examine = () => call<Examination>('GET', '/ops/v1/doctor');

export const listAudit = (filter: { subject?: string } & Paged) =>
  call<Page<AuditEntry>>('GET', '/ops/v1/audit', { query: filter });

export const listLetters = (filter: LetterFilter & Paged) =>
  call<Page<Letter>>('GET', '/ops/v1/dead-letters', { query: filter });

export const listLetterGroups = (filter: LetterFilter) =>
  call<{ items: LetterGroup[]; total: number }>('GET', '/ops/v1/dead-letters/groups', { query: filter });

export const getLetter = (letterId: number) => call<LetterDetail>('GET', `/ops/v1/dead-letters/${letterId}`);

export const previewReplay = (select: LetterSelection) =>
  call<Preview>('POST', '/ops/v1/dead-letters/preview', { body: { select } });

export const editLetter = (letterId: number, body: { payload: unknown; reason?: string; dryRun: boolean }) =>
  call<Letter>('POST', `/ops/v1/dead-letters/${letterId}/edit`, { body });

export const discardLetters = (body: { select: LetterSelection; reason: string }) =>
  call<{ discarded: number; skipped: number }>('POST', '/ops/v1/dead-letters/discard', { body });

export const startReplay = (body: {
  select: LetterSelection;
  rate: number;
  stopAfter: number;
  reason?: string;
}) => call<Replay>('POST', '/ops/v1/replays', { body });

export const listReplays = (page: Paged) => call<Page<Replay>>('GET', '/ops/v1/replays', { query: page });

export const getReplay = (replayId: number) => call<Replay>('GET', `/ops/v1/replays/${replayId}`);

export const stopReplay = (replayId: number, body: { reason?: string }) =>
  call<Replay>('POST', `/ops/v1/replays/${replayId}/stop`, { body });
