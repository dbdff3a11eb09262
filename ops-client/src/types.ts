import type { AuditEntry as AuditEntrySchema } from '@holdfast/orchestrator/ops/audit/shapes';
import type {
  LetterGroup as LetterGroupSchema,
  Preview as PreviewSchema,
  Verdict,
} from '@holdfast/orchestrator/ops/dead-letters/shapes';
import type {
  Examination as ExaminationSchema,
  Finding as FindingSchema,
} from '@holdfast/orchestrator/ops/doctor/shapes';
import type { HeldLock as HeldLockSchema } from '@holdfast/orchestrator/ops/locks/shapes';
import type {
  SagaStatus as SagaStatusSchema,
  SagaStep as SagaStepSchema,
} from '@holdfast/orchestrator/ops/sagas/shapes';
import type { Static } from 'typebox';

/**
 * What the operators' API takes and gives: the types of the very schemas that its handlers are checked against, so that
 * none can drift. Only types are imported; nothing of the orchestrator is in what the browser loads.
 */
export type {
  Letter,
  LetterDetail,
  LetterSelection,
  LetterStatus,
  PortableLetter,
  Verdict,
} from '@holdfast/orchestrator/ops/dead-letters/shapes';
export type { LedgerCheck, LedgerChecks } from '@holdfast/orchestrator/ops/ledger/shapes';
export type { Overview } from '@holdfast/orchestrator/ops/overview/shapes';
export type { Replay } from '@holdfast/orchestrator/ops/replays/shapes';
export type {
  Decision,
  SagaDetail,
  SagaSummary,
  TimelineEntry,
} from '@holdfast/orchestrator/ops/sagas/shapes';

export type AuditEntry = Static<typeof AuditEntrySchema>;
export type LetterGroup = Static<typeof LetterGroupSchema>;
export type Examination = Static<typeof ExaminationSchema>;
export type Finding = Static<typeof FindingSchema>;
export type HeldLock = Static<typeof HeldLockSchema>;
export type SagaStatus = Static<typeof SagaStatusSchema>;
export type SagaStep = Static<typeof SagaStepSchema>;

/** The schema's record knows no keys; these are the ones it has. */
export type Preview = Omit<Static<typeof PreviewSchema>, 'verdicts'> & {
  verdicts: Partial<Record<Verdict, number>>;
};

export type Role = 'viewer' | 'operator';
export type Me = { operatorId: string; name?: string; role: Role };
export type Page<Item> = { items: Item[]; nextCursor?: string };
