import { type ServiceName, serviceNames } from '@holdfast/shared/contracts/define';
import Type, { type Static, type TString } from 'typebox';

type PasswordName = `${Uppercase<ServiceName>}_POSTGRES_PASSWORD`;

export const passwordName = (service: ServiceName): PasswordName =>
  `${service.toUpperCase() as Uppercase<ServiceName>}_POSTGRES_PASSWORD`;

const passwords = Object.fromEntries(
  serviceNames.map((service) => [
    passwordName(service),
    Type.String({
      minLength: 16,
      description: `password of the ${service} service's role, 16 characters or more`,
    }),
  ]),
) as Record<PasswordName, TString>;

export type Config = Static<typeof Config>;
export const Config = Type.Object({
  POSTGRES_URL: Type.String({
    pattern: '^postgres(ql)?://',
    description: 'postgres:// URL of the database, with a user who may create it and the roles',
  }),
  ...passwords,
});
