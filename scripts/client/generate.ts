import { typeOf } from './schema-type.ts';

type Json = Record<string, unknown>;

interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  schema?: unknown;
  $ref?: string;
}
interface OperationObject {
  operationId: string;
  summary?: string;
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Record<string, { schema?: unknown }> };
  responses: Record<string, { content?: Record<string, { schema?: unknown }> }>;
}
interface Document {
  paths: Record<string, Record<string, OperationObject>>;
  components?: { parameters?: Record<string, Parameter>; schemas?: Record<string, unknown> };
}

const head = `// Made by \`npm run client-types\` of the OpenAPI document. Do not edit.
`;

/**
 * TypeScript types of every operation of an OpenAPI 3.1 document: \`Operations\` by operationId,
 * \`Paths\` by address and method, \`Schemas\` by name.
 */
export function clientTypes(given: Json): string {
  const document = given as unknown as Document;
  const operations: string[] = [];
  const paths: string[] = [];
  const sorted = Object.entries(document.paths).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [path, item] of sorted) {
    const methods: string[] = [];
    for (const [method, operation] of Object.entries(item)) {
      operations.push(operationType(document, path, method, operation));
      methods.push(`    ${method}: Operations[${JSON.stringify(operation.operationId)}];`);
    }
    paths.push(`  ${JSON.stringify(path)}: {\n${methods.join('\n')}\n  };`);
  }
  const schemas = Object.entries(document.components?.schemas ?? {}).map(
    ([name, schema]) => `  ${JSON.stringify(name)}: ${typeOf(schema, '  ')};`,
  );
  return [
    head,
    `export interface Schemas {\n${schemas.join('\n')}\n}\n`,
    `export interface Operations {\n${operations.join('\n')}\n}\n`,
    `export interface Paths {\n${paths.join('\n')}\n}\n`,
  ].join('\n');
}

/**
 * Where each operation lives, for programs: `addresses.getBot` is `get /api/v1/bots/{botcode}`.
 */
export function clientAddresses(given: Json): string {
  const document = given as unknown as Document;
  const lines = Object.entries(document.paths)
    .flatMap(([path, item]) =>
      Object.entries(item).map(([method, one]) => [one.operationId, `${method} ${path}`] as const),
    )
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, address]) => `  ${id}: '${address}',`);
  return [
    head,
    "import type { Operations } from './types.ts';\n",
    `export type Address = \`${'${'}Operations[keyof Operations]['method']} ${'${'}string}\`;\n`,
    `export const addresses: Readonly<Record<keyof Operations, Address>> = {\n${lines.join('\n')}\n};\n`,
  ].join('\n');
}

function operationType(
  document: Document,
  path: string,
  method: string,
  operation: OperationObject,
): string {
  const parameters = (operation.parameters ?? []).map((one) => resolved(document, one));
  const summary = operation.summary === undefined ? '' : `  /** ${safe(operation.summary)} */\n`;
  return `${summary}  ${JSON.stringify(operation.operationId)}: {
    method: ${JSON.stringify(method)};
    path: ${JSON.stringify(path)};
    params: ${parametersType(parameters, 'path')};
    query: ${parametersType(parameters, 'query')};
    body: ${bodyType(operation)};
    answer: ${answerType(operation)};
  };`;
}

function parametersType(parameters: readonly Parameter[], place: string): string {
  const own = parameters.filter((one) => one.in === place);
  if (own.length === 0) return 'Record<never, never>';
  const fields = own.map(({ name, required, schema }) => {
    const optional = required === true ? '' : '?';
    return `      ${JSON.stringify(name)}${optional}: ${typeOf(schema, '      ')};`;
  });
  return `{\n${fields.join('\n')}\n    }`;
}

/** `never`: it takes none. */
function bodyType({ requestBody }: OperationObject): string {
  if (requestBody === undefined) return 'never';
  const json = requestBody.content['application/json'];
  return json === undefined ? 'Blob' : typeOf(json.schema, '    ');
}

/** `void`: without a body; `string`: one that is not JSON. */
function answerType({ responses }: OperationObject): string {
  const success = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1];
  if (success?.content === undefined) return 'void';
  const json = success.content['application/json'];
  return json === undefined ? 'string' : typeOf(json.schema, '    ');
}

function resolved({ components }: Document, parameter: Parameter): Parameter {
  const name = parameter.$ref?.split('/').at(-1);
  return (name === undefined ? undefined : components?.parameters?.[name]) ?? parameter;
}

function safe(text: string): string {
  return text.replaceAll('*/', '*\\/');
}
