import { accessSync, constants } from 'node:fs';
import { Ajv, type ErrorObject } from 'ajv';
import addFormats from 'ajv-formats';
import type { Static, TObject, TSchema } from 'typebox';
import { helpText } from './describe.ts';

/** The environment doesn't fit the schema. Its message is for the operator; a stack would only hide it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const ajv = addFormats
  .default(new Ajv({ allErrors: true, useDefaults: true, verbose: true }))
  .addFormat('readable-file', isReadable);

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** A process's configuration. With `--help` it prints what there is to configure instead, and exits. */
export function readConfig<Schema extends TObject>(service: string, schema: Schema): Static<Schema> {
  if (!process.argv.includes('--help')) return loadConfig(schema);
  process.stdout.write(helpText(service, schema));
  process.exit(0);
}

/**
 * Environment variables → typed values. An empty variable counts as unset, as `${X:-}` in a compose file leaves it.
 * Lists are comma-separated; booleans are `1` or `0`.
 *
 * @throws ConfigError that lists everything that is wrong, by name; values aren't shown, for some are secrets.
 */
export function loadConfig<Schema extends TObject>(
  schema: Schema,
  env: NodeJS.ProcessEnv = process.env,
): Static<Schema> {
  const values: Record<string, unknown> = {};
  for (const [name, property] of Object.entries<TSchema>(schema.properties)) {
    const text = env[name]?.trim();
    if (text) values[name] = parse(property, text);
  }
  const check = ajv.compile<Static<Schema>>(schema);
  if (check(values)) return values;
  throw new ConfigError(
    ['The configuration is not valid:', ...explain(schema, check.errors ?? [])].join('\n  '),
  );
}

/** What can't be parsed stays text, so that the check against the schema tells what was expected. */
function parse(schema: TSchema & { type?: string }, text: string): unknown {
  switch (schema.type) {
    case 'integer':
    case 'number':
      return Number.isNaN(Number(text)) ? text : Number(text);
    case 'boolean':
      return text === '1' ? true : text === '0' ? false : text;
    case 'array':
      return text.split(',').map((item) => item.trim());
    default:
      return text;
  }
}

function explain(schema: TObject, errors: readonly ErrorObject[]): string[] {
  const lines = errors.filter(isOwnError).map((error) => {
    if (error.keyword === 'oneOf') return `set exactly one of ${alternatives(error).join(', ')}`;
    const name = error.params.missingProperty ?? error.instancePath.split('/')[1];
    const description = (schema.properties[name] as { description?: string }).description;
    return [`${name} ${complaint(error)}`, description].filter(Boolean).join(' – ');
  });
  return [...new Set(lines)];
}

/** The errors inside a `oneOf` only say which branch didn't fit; that of an `if` is told by what isn't so `then`. */
const isOwnError = (error: ErrorObject) => !error.schemaPath.startsWith('#/oneOf/') && error.keyword !== 'if';

const alternatives = (error: ErrorObject) =>
  (error.schema as { required: string[] }[]).flatMap((branch) => branch.required);

function complaint({ keyword, params, message }: ErrorObject): string {
  if (keyword === 'required') return 'is not set';
  if (keyword === 'dependencies') return `is not set, but ${params.property} is`;
  if (keyword === 'const' && params.allowedValue === true) return 'must be 1';
  if (keyword === 'format' && params.format === 'readable-file') return 'is no file that can be read';
  if (keyword === 'enum') return `must be one of ${params.allowedValues.join(', ')}`;
  if (keyword === 'type' && params.type === 'boolean') return 'must be 1 or 0';
  return message ?? `fails ${keyword}`;
}
