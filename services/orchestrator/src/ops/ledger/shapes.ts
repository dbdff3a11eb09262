/** The operators' API gives them as the balance service does. */
export type { LedgerCheck, LedgerChecks } from '@holdfast/shared/contracts/operations';
