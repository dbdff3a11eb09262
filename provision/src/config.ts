import { kafkaRules, kafkaVariables } from '@holdfast/shared/config/kafka';
import { type ServiceName, serviceNames } from '@holdfast/shared/contracts/define';
import Type, { type Static, type TString } from 'typebox';

type PasswordName = `${Uppercase<ServiceName>}_POSTGRES_PASSWORD`;
type UserName = `${Uppercase<ServiceName>}_KAFKA_USER`;

const upper = (service: ServiceName) => service.toUpperCase() as Uppercase<ServiceName>;
export const passwordName = (service: ServiceName): PasswordName => `${upper(service)}_POSTGRES_PASSWORD`;
export const userName = (service: ServiceName): UserName => `${upper(service)}_KAFKA_USER`;

/** A variable for each service. */
const each = <Name extends string>(
  name: (service: ServiceName) => Name,
  schema: (service: ServiceName) => TString,
) =>
  Object.fromEntries(serviceNames.map((service) => [name(service), schema(service)])) as Record<
    Name,
    TString
  >;

export type Config = Static<typeof Config>;
export const Config = Type.Object(
  {
    POSTGRES_URL: Type.String({
      pattern: '^postgres(ql)?://',
      writeOnly: true,
      description:
        'postgres:// URL with a user who may create databases and roles; its database is where the services go, ' +
        'or holdfast if that is postgres',
    }),
    ...each(passwordName, (service) =>
      Type.String({
        minLength: 16,
        writeOnly: true,
        description: `password of the ${service} service's role, 16 characters or more`,
      }),
    ),
    ...kafkaVariables,
    KAFKA_BROKERS: Type.Optional({
      ...kafkaVariables.KAFKA_BROKERS,
      description:
        'brokers to start from, host:port, comma-separated; unset: services make their topics themselves',
    }),
    KAFKA_REPLICATION_FACTOR: Type.Optional(
      Type.Integer({
        minimum: 1,
        description: "copies of each topic that is made; unset: the brokers' default",
      }),
    ),
    KAFKA_MIN_INSYNC_REPLICAS: Type.Optional(
      Type.Integer({
        minimum: 1,
        description:
          "copies that must have a record before it counts as written; unset: the brokers' default",
      }),
    ),
    KAFKA_ACLS: Type.Boolean({
      default: false,
      description: "whether the services' users are given their rights; the brokers need an authorizer",
    }),
    ...each(userName, (service) =>
      Type.String({ default: service, description: `Kafka user of the ${service} service` }),
    ),
  },
  kafkaRules,
);
