import { ConfigError } from '../config/config.ts';
import { patiently } from '../process/patiently.ts';

/** All that kafkajs throws by itself: at a process's start, and about a message, the fault is never its own. */
export const isKafkasFault = (error: unknown): boolean =>
  error instanceof Error && error.name.startsWith('KafkaJS');

/** Does what a process needs of Kafka at its start. Kafka may be starting as well; what it refuses, it would refuse again. */
export async function whileStarting<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await patiently(work, (error) => isKafkasFault(error) && !refusal(error));
  } catch (error) {
    throw refusal(error) ?? error;
  }
}

type KafkasError = Error & { code?: unknown; type?: unknown; errors?: unknown[] };

/** Tells the operator of what neither time nor another attempt mends; undefined of any other fault. */
function refusal(error: unknown): ConfigError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, code, type, message, cause, errors = [] }: KafkasError = error;
  if (name === 'KafkaJSSASLAuthenticationError')
    return new ConfigError(`Kafka refuses KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD: ${message}`);
  // Of all that Node says of a certificate, each has one of these in its name.
  if (/CERT|LEAF_SIGNATURE/.test(String(code)))
    return new ConfigError(`Kafka's certificate can't be trusted, see KAFKA_TLS_CA: ${message}`);
  if (/^(TOPIC|GROUP|CLUSTER)_AUTHORIZATION_FAILED$/.test(String(type)))
    return new ConfigError(
      `Kafka doesn't let this user do what it must, or topics are missing: provision it (${message})`,
    );
  for (const inner of [cause, ...errors]) {
    const refused = refusal(inner);
    if (refused) return refused;
  }
  return undefined;
}
