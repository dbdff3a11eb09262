import { Ajv, type ErrorObject } from 'ajv';
import addFormats from 'ajv-formats';
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { type Problem, problem } from './problems.ts';

const options = { allErrors: true, useDefaults: true, allowUnionTypes: true };
// The format of ajv-formats takes `urn:uuid:…` as well, which Postgres does not.
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const strict = addFormats.default(new Ajv(options)).addFormat('uuid', uuid);
const coercing = addFormats.default(new Ajv({ ...options, coerceTypes: 'array' })).addFormat('uuid', uuid);

/**
 * Checks a part of a request. Only what stands in the URL is coerced, having nothing but strings: in a body, `"100"` is
 * not an amount. Nothing is dropped in silence: a property that isn't known is an error where the schema says so.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) =>
  (httpPart === 'querystring' || httpPart === 'params' ? coercing : strict).compile(schema);

/** The most errors that are told of, so that a body full of nonsense isn't answered at several times its length. */
const maxErrors = 20;

/** The answer to a request of which `part` (body, params, querystring or headers) doesn't fit its schema. */
export function validationProblem(part: string, errors: readonly ErrorObject[]): Problem {
  if (errors.some(({ params }) => params.missingProperty === 'idempotency-key')) {
    return problem('idempotency-key-required');
  }
  const told = errors.slice(0, maxErrors).map((error) => ({
    path: `/${part}${error.instancePath}${property(error)}`,
    message: error.message ?? error.keyword,
  }));
  return problem('validation', told[0] && `${told[0].path} ${told[0].message}`, { extra: { errors: told } });
}

/** A property that is missing or too many: ajv's path ends at the object that it should or shouldn't be in. */
function property({ params }: ErrorObject): string {
  const name = params.missingProperty ?? params.additionalProperty;
  return name === undefined ? '' : `/${name}`;
}
