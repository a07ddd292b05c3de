interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: unknown[];
  oneOf?: unknown[];
  allOf?: unknown[];
  items?: unknown;
  prefixItems?: unknown[];
  properties?: Record<string, unknown>;
  required?: string[];
  additionalProperties?: unknown;
  description?: string;
}

/** The TypeScript type of a JSON schema (draft 2020-12), its lines below the first indented. */
export function typeOf(given: unknown, indent = ''): string {
  if (given === true || given === undefined) return 'unknown';
  if (given === false) return 'never';
  const schema = given as Schema;
  if (schema.$ref !== undefined) return refOf(schema.$ref);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((one) => JSON.stringify(one)).join(' | ');
  const choice = schema.anyOf ?? schema.oneOf;
  if (choice !== undefined) return union(choice.map((one) => typeOf(one, indent)));
  if (schema.allOf !== undefined) {
    return schema.allOf.map((one) => grouped(typeOf(one, indent))).join(' & ');
  }
  if (Array.isArray(schema.type)) {
    return union(schema.type.map((type) => typeOf({ ...schema, type }, indent)));
  }
  switch (schema.type) {
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type;
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return arrayOf(schema, indent);
    case 'object':
      return objectOf(schema, indent);
    default:
      return schema.properties === undefined ? 'unknown' : objectOf(schema, indent);
  }
}

function arrayOf({ items, prefixItems }: Schema, indent: string): string {
  if (prefixItems !== undefined) {
    return `[${prefixItems.map((one) => typeOf(one, indent)).join(', ')}]`;
  }
  return `${grouped(typeOf(items, indent))}[]`;
}

function objectOf(schema: Schema, indent: string): string {
  const { properties = {}, required = [], additionalProperties } = schema;
  const inner = `${indent}  `;
  const fields = Object.entries(properties).map(([name, one]) => {
    const about = (one as Schema).description;
    const comment = about === undefined ? '' : `${inner}/** ${about.replaceAll('*/', '*\\/')} */\n`;
    const optional = required.includes(name) ? '' : '?';
    return `${comment}${inner}${JSON.stringify(name)}${optional}: ${typeOf(one, inner)};`;
  });
  if (fields.length === 0) {
    return additionalProperties === false
      ? 'Record<never, never>'
      : `Record<string, ${typeOf(additionalProperties, indent)}>`;
  }
  const named = `{\n${fields.join('\n')}\n${indent}}`;
  const open = additionalProperties !== undefined && additionalProperties !== false;
  return open ? `${named} & Record<string, unknown>` : named;
}

function refOf(ref: string): string {
  return `Schemas[${JSON.stringify(ref.split('/').at(-1))}]`;
}

function union(types: readonly string[]): string {
  return [...new Set(types)].join(' | ');
}

function grouped(type: string): string {
  return /[|&]/.test(type) ? `(${type})` : type;
}
