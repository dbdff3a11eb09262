import { type Logger, pino, stdTimeFunctions } from 'pino';

const secretHeaders = ['authorization', 'queue-token', 'cookie', 'set-cookie'];

/**
 * A logger of JSON lines to standard output. Nothing personal is in them: headers that carry secrets are blotted out, and
 * errors go without what libraries attach to them.
 */
export function createLogger(options: { service: string; level: string }): Logger {
  return pino({
    level: options.level,
    base: { service: options.service, pid: process.pid },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: errorFields },
    redact: secretHeaders.flatMap((name) => [`headers["${name}"]`, `*.headers["${name}"]`]),
  });
}

/** Not its other properties: Postgres quotes whole rows in `detail`, and kafkajs messages. */
function errorFields(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const { name, message, stack, cause } = error;
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  return {
    type: name,
    message,
    stack,
    ...(code !== undefined && { code }),
    ...(constraint !== undefined && { constraint }),
    ...(cause !== undefined && { cause: errorFields(cause) }),
  };
}
