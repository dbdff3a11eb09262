import Type, { type TSchema } from 'typebox';

/** A property with a default: optional to clients, but handlers always have it, since the check fills it in. */
export const defaulted = <Schema extends TSchema>(schema: Schema): Schema =>
  Type.Optional(schema) as unknown as Schema;
