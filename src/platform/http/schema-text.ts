/** A JSON Schema as people write an example of it: one field a line, bounds beside the type. */

export type JsonSchema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema | boolean;
  readonly prefixItems?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly format?: string;
  readonly pattern?: string;
  readonly description?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
};

/** Text of a schema; `named` resolves `#/components/schemas/NAME`, and a name met inside itself is not opened again. */
export function schemaText(schema: JsonSchema, named: Readonly<Record<string, JsonSchema>> = {}, indent = ''): string {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1) ?? '';
    const target = named[name];
    if (!target) return name;
    const { [name]: _opened, ...rest } = named;
    return schemaText(target, rest, indent);
  }
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return choices.map((choice) => schemaText(choice, named, indent)).join(' | ');
  if (schema.allOf) return schema.allOf.map((part) => schemaText(part, named, indent)).join(' & ');
  if (schema.type === 'object' || schema.properties) return objectText(schema, named, indent);
  if (schema.type === 'array') {
    const items = schema.prefixItems
      ? schema.prefixItems.map((item) => schemaText(item, named, indent)).join(', ')
      : typeof schema.items === 'object'
        ? schemaText(schema.items, named, indent)
        : 'any';
    return `[ ${items} ]${range(schema.minItems, schema.maxItems, '×')}`;
  }
  return plainText(schema);
}

function objectText(schema: JsonSchema, named: Readonly<Record<string, JsonSchema>>, indent: string): string {
  const deeper = `${indent}  `;
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties ?? {}).map(
    ([name, field]) => `${deeper}${name}${required.has(name) ? '' : '?'}: ${schemaText(field, named, deeper)}`,
  );
  if (typeof schema.additionalProperties === 'object' && Object.keys(schema.additionalProperties).length > 0)
    fields.push(`${deeper}[name]: ${schemaText(schema.additionalProperties, named, deeper)}`);
  return fields.length === 0 ? '{}' : `{\n${fields.join('\n')}\n${indent}}`;
}

function plainText(schema: JsonSchema): string {
  const type = Array.isArray(schema.type) ? schema.type.join(' | ') : String(schema.type ?? 'any');
  const said = schema.format ?? (schema.pattern && schema.pattern.length <= 60 ? `/${schema.pattern}/` : '');
  const bounds =
    schema.type === 'string'
      ? range(schema.minLength, schema.maxLength, '字')
      : range(schema.minimum, schema.maximum, '');
  return [type, said].filter((part) => part !== '').join(' ') + bounds;
}

/** `(1..300 字)`; bounds that only say "a safe integer" are left out. */
function range(low: number | undefined, high: number | undefined, unit: string): string {
  const from = low !== undefined && low > Number.MIN_SAFE_INTEGER ? String(low) : '';
  const to = high !== undefined && high < Number.MAX_SAFE_INTEGER ? String(high) : '';
  return from === '' && to === '' ? '' : ` (${from}..${to}${unit === '' ? '' : ` ${unit}`})`;
}
