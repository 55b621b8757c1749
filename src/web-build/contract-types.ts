/**
 * The types of the web's client, from the OpenAPI document that the routes themselves give: one entry for each `METHOD /path`,
 * with its input, its answer and its refusal codes. The file is made before tsc and never committed, so it cannot be stale.
 */
type Schema = boolean | { readonly [key: string]: unknown };
type Operation = {
  readonly operationId: string;
  readonly parameters?: readonly { name: string; in: string; required?: boolean; schema: Schema }[];
  readonly requestBody?: { content: Record<string, { schema: Schema }> };
  readonly responses: Record<string, { description?: string; content?: Record<string, { schema: Schema }> }>;
};
export type OpenApi = {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components?: { readonly schemas?: Record<string, Schema> };
};

const quoted = (name: string) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));
const typeName = (reference: string) => quoted(reference.split('/').at(-1) ?? '').replace(/\W/g, '_');

/** A JSON Schema (2020-12, as zod writes it) as a TypeScript type; what it cannot say in types (patterns, bounds) is left out. */
export function typeOf(schema: Schema | undefined): string {
  if (schema === undefined || typeof schema === 'boolean') return 'unknown';
  if (typeof schema.$ref === 'string') return typeName(schema.$ref);
  if ('const' in schema) return JSON.stringify(schema.const);
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  for (const [key, sign] of [
    ['anyOf', '|'],
    ['oneOf', '|'],
    ['allOf', '&'],
  ] as const) {
    const parts = schema[key];
    if (Array.isArray(parts)) return `(${parts.map((part) => typeOf(part as Schema)).join(` ${sign} `)})`;
  }
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ ...schema, type })).join(' | ');
  return plainType(schema);
}

function plainType(schema: { readonly [key: string]: unknown }): string {
  switch (schema.type) {
    case 'string':
      return 'string';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'null':
      return 'null';
    case 'array':
      return arrayType(schema);
    case 'object':
      return objectType(schema);
    default:
      return 'unknown';
  }
}

function arrayType(schema: { readonly [key: string]: unknown }): string {
  if (!Array.isArray(schema.prefixItems)) return `readonly (${typeOf(schema.items as Schema)})[]`;
  const rest = schema.items ? `, ...(${typeOf(schema.items as Schema)})[]` : '';
  return `readonly [${schema.prefixItems.map((item) => typeOf(item as Schema)).join(', ')}${rest}]`;
}

function objectType(schema: { readonly [key: string]: unknown }): string {
  const required = new Set((schema.required as string[] | undefined) ?? []);
  const properties = Object.entries((schema.properties as Record<string, Schema> | undefined) ?? {});
  const extra = schema.additionalProperties as Schema | undefined;
  if (properties.length === 0) {
    if (extra === undefined || extra === false) return 'Record<string, never>';
    return `{ readonly [key: string]: ${typeOf(extra)} }`;
  }
  return `{ ${properties
    .map(([name, property]) => `readonly ${quoted(name)}${required.has(name) ? '' : '?'}: ${typeOf(property)}`)
    .join('; ')} }`;
}

/** Path, query or nothing of an operation. */
function parametersType(operation: Operation, place: string): string {
  const found = (operation.parameters ?? []).filter((parameter) => parameter.in === place);
  if (found.length === 0) return 'undefined';
  return `{ ${found.map(({ name, required, schema }) => `readonly ${quoted(name)}${required ? '' : '?'}: ${typeOf(schema)}`).join('; ')} }`;
}

function bodyType(operation: Operation): string {
  const content = operation.requestBody?.content;
  if (!content) return 'undefined';
  const json = content['application/json'];
  return json ? typeOf(json.schema) : 'Blob';
}

function answerType(operation: Operation): string {
  const found = Object.entries(operation.responses).find(([status]) => status.startsWith('2'))?.[1].content;
  const json = found?.['application/json'];
  return json ? typeOf(json.schema) : 'Blob';
}

const refusalType = (operation: Operation): string => {
  const codes = /^Refusal\. Codes: ([a-z0-9, -]+)$/.exec(operation.responses.default?.description ?? '')?.[1];
  const listed = codes && codes !== 'the common ones' ? codes.split(', ') : [];
  return [...listed.map((code) => JSON.stringify(code)), 'CommonCode'].join(' | ');
};

/** The whole file. Keys are written as the router writes them: `GET /api/projects/:id`. */
export function contractsFile(document: OpenApi): string {
  const schemas = Object.entries(document.components?.schemas ?? {}).map(
    ([name, schema]) => `export type ${typeName(name)} = ${typeOf(schema)};`,
  );
  const entries = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const key = `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`;
      return `  ${JSON.stringify(key)}: {
    params: ${parametersType(operation, 'path')};
    query: ${parametersType(operation, 'query')};
    body: ${bodyType(operation)};
    answer: ${answerType(operation)};
    refusal: ${refusalType(operation)};
  };`;
    }),
  );
  return `// Made by src/web-build/make-contracts.ts from the routes; not to be edited, never committed.
/** Codes that any route may answer. */
export type CommonCode = string & {};
${schemas.join('\n')}
export type Contracts = {
${entries.join('\n')}
};
`;
}
