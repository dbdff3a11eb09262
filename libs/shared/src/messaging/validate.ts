import type { Static, TSchema } from 'typebox';
import Compile, { type Validator } from 'typebox/compile';
import { Poison } from './cloud-event.ts';

// One compiled validator a schema, for as long as the schema lives: contracts are module constants.
const validators = new WeakMap<TSchema, Validator>();

/** @throws Poison saying what doesn't fit and where. */
export function validate<Schema extends TSchema>(
  schema: Schema,
  what: string,
  value: unknown,
): Static<Schema> {
  check(schema, what, value);
  return value as Static<Schema>;
}

/** The same where the schema is only known at run time. */
export function check(schema: TSchema, what: string, value: unknown): void {
  let validator = validators.get(schema);
  if (!validator) {
    validator = Compile(schema) as unknown as Validator;
    validators.set(schema, validator);
  }
  if (validator.Check(value)) return;
  const problems = validator
    .Errors(value)
    .slice(0, 5)
    .map(({ instancePath, message }) => `${instancePath || '/'} ${message}`);
  throw new Poison(`${what}: ${problems.join('; ')}`);
}
