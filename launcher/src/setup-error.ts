/** What the person at the keyboard can mend: shown as its one line, without a stack. */
export function setupError(line: string): Error {
  return Object.assign(new Error(line), { name: 'SetupError' });
}

export function isSetupError(error: unknown): error is Error {
  return error instanceof Error && ['SetupError', 'ConfigError'].includes(error.name);
}
