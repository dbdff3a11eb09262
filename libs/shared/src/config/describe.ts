import type { TObject, TSchema } from 'typebox';

/** A variable as an operator has to know it. */
export type Variable = {
  name: string;
  /** What may be set, in words. */
  type: string;
  /** As it would be set; undefined where there is none. */
  default?: string;
  /** `required`, `optional`, or what it is an alternative to. */
  need: string;
  /** Nobody but its service should see its value. */
  secret: boolean;
  description: string;
};

type Described = TSchema & {
  type?: string;
  enum?: readonly string[];
  minimum?: number;
  maximum?: number;
  default?: unknown;
  writeOnly?: boolean;
  description?: string;
};
type Rules = { required?: readonly string[]; oneOf?: readonly { required: readonly string[] }[] };

export function describeVariables(schema: TObject): Variable[] {
  const { required = [], oneOf = [] } = schema as Rules;
  const alternatives = oneOf.flatMap((branch) => branch.required);
  return Object.entries<Described>(schema.properties).map(([name, property]) => ({
    name,
    type: typeOf(property),
    ...(property.default !== undefined && { default: textOf(property.default) }),
    need: alternatives.includes(name)
      ? `exactly one of ${alternatives.join(', ')}`
      : required.includes(name) && property.default === undefined
        ? 'required'
        : 'optional',
    secret: property.writeOnly === true,
    description: property.description ?? '',
  }));
}

function typeOf({ type, enum: choices, minimum, maximum }: Described): string {
  if (choices) return choices.join(', ');
  if (type === 'boolean') return '1 or 0';
  if (type === 'array') return 'list';
  const bounds = [minimum !== undefined && `from ${minimum}`, maximum !== undefined && `to ${maximum}`];
  return [type, ...bounds].filter(Boolean).join(' ');
}

function textOf(value: unknown): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  return String(value);
}

/** What `--help` prints. */
export function helpText(service: string, schema: TObject): string {
  const variables = describeVariables(schema).map((variable) => {
    const { name, type, need, secret, description } = variable;
    const facts = [type, need === 'optional' && variable.default ? `default ${variable.default}` : need];
    return `  ${name} (${[...facts, secret && 'secret'].filter(Boolean).join('; ')})\n      ${description}\n`;
  });
  return `${service} takes its configuration from environment variables:\n\n${variables.join('')}`;
}
