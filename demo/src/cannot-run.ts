/** What the person at the keyboard can mend: shown as its one line, without a stack. */
export function cannotRun(line: string): Error {
  return Object.assign(new Error(line), { name: 'CannotRun' });
}

export function isCannotRun(error: unknown): error is Error {
  return error instanceof Error && error.name === 'CannotRun';
}
