import { type Logger, pino, stdTimeFunctions } from 'pino';

const secretHeaders = ['authorization', 'queue-token', 'cookie', 'set-cookie'];

/** A logger of JSON lines to standard output, in which the headers that carry secrets are blotted out. */
export function createLogger(options: { service: string; level: string }): Logger {
  return pino({
    level: options.level,
    base: { service: options.service, pid: process.pid },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: secretHeaders.flatMap((name) => [`headers["${name}"]`, `*.headers["${name}"]`]),
  });
}
