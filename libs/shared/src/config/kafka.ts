import Type, { type Static } from 'typebox';

/** How to reach Kafka: of every service, and of whoever provisions it. */
export const kafkaVariables = {
  KAFKA_BROKERS: Type.Array(Type.String({ pattern: '^[^\\s:]+:\\d+$' }), {
    minItems: 1,
    description: 'brokers to start from, host:port, comma-separated',
  }),
  KAFKA_TOPIC_PREFIX: Type.String({
    default: '',
    pattern: '^[A-Za-z0-9._-]*$',
    description: 'goes before the name of every topic and group, to share a cluster',
  }),
  KAFKA_TLS: Type.Boolean({ default: false, description: 'connect by TLS' }),
  KAFKA_TLS_CA: Type.Optional(
    Type.String({
      format: 'readable-file',
      description: "file with the CA of Kafka's certificates, PEM; unset: the CAs that Node knows",
    }),
  ),
  KAFKA_SASL_MECHANISM: Type.Optional(
    Type.Enum(['plain', 'scram-sha-256', 'scram-sha-512'], {
      description: 'how to prove who this is; unset: not at all',
    }),
  ),
  KAFKA_SASL_USERNAME: Type.Optional(Type.String({ description: 'Kafka user; each service has its own' })),
  KAFKA_SASL_PASSWORD: Type.Optional(Type.String({ writeOnly: true, description: 'its password' })),
};

const sasl = ['KAFKA_SASL_MECHANISM', 'KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'];

/** What has to hold between them, for the object that has them. */
export const kafkaRules = {
  // Each needs the two others.
  dependencies: Object.fromEntries(sasl.map((name) => [name, sasl.filter((other) => other !== name)])),
  // Whoever names a CA mustn't send passwords in the clear, for having forgotten to switch TLS on.
  if: { required: ['KAFKA_TLS_CA'] },
  // biome-ignore lint/suspicious/noThenProperty: JSON Schema's own
  then: { required: ['KAFKA_TLS'], properties: { KAFKA_TLS: { const: true } } },
};

/** For who needs nothing else. */
export const KafkaConfig = Type.Object(kafkaVariables, kafkaRules);
export type KafkaConfig = Static<typeof KafkaConfig>;
