import { isNativeError } from 'node:util/types';

/**
 * SQLSTATEs of faults that pass, by the failure that taking them for lasting would cause: a message that is in
 * order ends in the dead-letter topic, or a client is told of an internal error, though trying again would help.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const passingStates = [
  // The connection is lost, or a proxy in between lost its own: a restart would dead-letter whatever was in flight.
  /^08/,
  // Shut down by the administrator, crashed, starting up: the same restart, announced.
  /^57P0[123]$/,
  // Idle in a transaction for too long: this process was stopped or starved, not the message at fault.
  /^25P03$/,
  // Read only: a failover is under way and this is the old primary or not yet the new one.
  /^25006$/,
  // No connection, memory or disk left: a storm of clients would turn into a storm of dead letters.
  /^53/,
  // Serialization failure and deadlock: two transactions met, and Postgres chose this one to try again.
  /^40001$/,
  /^40P01$/,
  // Lock or statement timeout: another transaction is slow, or the machine is.
  /^55P03$/,
  /^57014$/,
];

/** The network's failures: what a connection attempt sees while Postgres is away, or a socket when it goes. */
const passingSystemErrors = /^(ECONN\w+|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN)$/;

/**
 * Failures that only have a text, behind the SQL where knex has put it: pg's when the server hangs up without a word
 * or doesn't answer in time, and knex's and tarn's when no connection comes free or when the pool closes with somebody
 * waiting, as it does in a shutdown.
 */
const passingMessages =
  /(^| - )(Connection terminated|Client has encountered a connection error|Client was closed|timeout expired|Knex: Timeout acquiring|Unable to acquire a connection|aborted)/;

/** Whether the database is at fault for now, so that the same work can succeed later as it is. */
export function isPassing(error: unknown): boolean {
  if (!isNativeError(error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) return passingMessages.test(error.message);
  return passingSystemErrors.test(code) || passingStates.some((state) => state.test(code));
}
