import { afterAll, beforeAll, expect, test } from 'vitest';
import { adminOperations } from '../api/admin/operations.ts';
import { commandTable } from '../api/commands/table.ts';
import { createRouters } from '../scripts/routers.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';

type Json = Record<string, unknown>;
interface Parameter {
  name: string;
  in: string;
  required: boolean;
  schema?: Json;
  content?: Json;
}
interface OperationObject {
  operationId: string;
  tags: string[];
  summary: string;
  parameters?: (Parameter & { $ref?: string })[];
  requestBody?: { content: Record<string, Json> };
  responses: Record<string, { description: string; content?: Record<string, Json> }>;
  security?: Json[];
}
interface Document {
  openapi: string;
  info: { title: string; version: string };
  servers: { url: string }[];
  tags: { name: string }[];
  paths: Record<string, Record<string, OperationObject>>;
  components: Record<string, Record<string, Json>>;
}

let running: TestDaemon;
let document: Document;

beforeAll(async () => {
  running = await startDaemon();
  const response = await fetch(`${running.url}/openapi.json`);
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  document = (await response.json()) as Document;
});
afterAll(() => running.close());

function operations(): { path: string; method: string; operation: OperationObject }[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  );
}

/** Everything in the document, with where it stands. */
function* nodes(value: unknown, at = '#'): Generator<{ at: string; node: Json }> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield { at, node: value as Json };
  for (const [name, inner] of Object.entries(value)) yield* nodes(inner, `${at}/${name}`);
}

test('it is an OpenAPI 3.1 document', () => {
  expect(document.openapi).toMatch(/^3\.1\.\d+$/);
  expect(document.info).toMatchObject({ title: 'wxrc', version: expect.any(String) });
  expect(document.servers).toEqual([{ url: running.url }]);
  const names = document.tags.map((tag) => tag.name);
  expect(new Set(names).size).toBe(names.length);
});

test('operations: unique ids, known tags, right methods, an answer, every path parameter', () => {
  const ids = operations().map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  const tags = document.tags.map((tag) => tag.name);
  for (const { path, method, operation } of operations()) {
    const where = `${method} ${path}`;
    expect(path, where).toMatch(/^\/[^?#]*$/);
    expect(['get', 'post', 'put', 'patch', 'delete'], where).toContain(method);
    expect(operation.summary, where).toBeTruthy();
    for (const tag of operation.tags) expect(tags, where).toContain(tag);
    expect(
      Object.keys(operation.responses).some((code) => code.startsWith('2')),
      where,
    ).toBe(true);
    for (const [code, response] of Object.entries(operation.responses)) {
      expect(code, where).toMatch(/^[1-5]\d\d$/);
      expect(response.description, where).toBeTruthy();
    }
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
    const declared = (operation.parameters ?? []).filter((one) => one.in === 'path');
    expect(declared.map((one) => one.name).sort(), where).toEqual(named);
    expect(
      declared.every((one) => one.required),
      where,
    ).toBe(true);
    if (method === 'get') expect(operation.requestBody, where).toBeUndefined();
  }
});

test('references lead somewhere, and security schemes are declared', () => {
  const { securitySchemes = {} } = document.components;
  let references = 0;
  for (const { at, node } of nodes(document)) {
    const { $ref } = node;
    if (typeof $ref !== 'string') continue;
    references += 1;
    let target: unknown = document;
    for (const part of $ref.replace(/^#\//, '').split('/')) {
      target = (target as Json | undefined)?.[part];
    }
    expect(target, `${at}: ${$ref}`).toBeDefined();
  }
  expect(references).toBeGreaterThan(50);
  for (const { path, operation } of operations()) {
    for (const way of operation.security ?? []) {
      for (const name of Object.keys(way)) expect(securitySchemes[name], path).toBeDefined();
    }
  }
});

test('where it depends on the config whether a token is needed, both are told', () => {
  const both = [{}, { accessToken: [] }];
  const open = operations().filter(({ path }) =>
    /^\/(?:api\/imbot|im_component|send$)/.test(path.replace(/^\w+ /, '')),
  );
  const asked = open.filter(({ path }) => !/\/(?:customer|push\/)/.test(path));
  expect(asked.length).toBeGreaterThan(15);
  for (const { path, operation } of asked) expect(operation.security, path).toEqual(both);
});

test('every schema is one of draft 2020-12', () => {
  const types = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];
  let schemas = 0;
  for (const { at, node } of nodes(document)) {
    const isSchema =
      /\/(schema|items|additionalProperties)$|\/(properties|anyOf|oneOf|allOf)\/[^/]+$/.test(at);
    if (!isSchema || /\/example\b/.test(at)) continue;
    schemas += 1;
    const { type, required, properties, pattern, nullable, $schema } = node;
    for (const one of type === undefined ? [] : [type].flat()) expect(types, at).toContain(one);
    expect([nullable, $schema], at).toEqual([undefined, undefined]);
    if (typeof pattern === 'string') expect(() => new RegExp(pattern, 'u'), at).not.toThrow();
    if (Array.isArray(required) && properties !== undefined) {
      for (const name of required) expect(Object.keys(properties as Json), at).toContain(name);
    }
  }
  expect(schemas).toBeGreaterThan(500);
});

test('what is served is documented, and what is documented is served', () => {
  const routers = createRouters({
    core: running.daemon.core,
    stopping: new AbortController().signal,
    publicUrl: () => running.url,
    reload: () => Promise.resolve([]),
    reloadFault: () => undefined,
    configInForce: () => running.daemon.core.config,
  });
  const served = new Set<string>();
  const pages = /^\/(?:docs|console|qr\/share)\b/;
  for (const router of routers) {
    for (const layer of router.stack) {
      // The same address once more, as the document says.
      const path = String(layer.path)
        .replaceAll(/:(\w+)/g, '{$1}')
        .replace(/^\/v2\//, '/');
      for (const method of layer.methods) {
        // Pages are no operations, nor is what their makers' browsers ask beforehand.
        if (!/^(HEAD|OPTIONS)$/.test(method) && path !== '/' && !pages.test(path)) {
          served.add(`${method.toLowerCase()} ${path.replace(/\/$/, '')}`);
        }
      }
    }
  }
  const documented = operations()
    .filter(({ path }) => !/^\/api\/\w+$/.test(path))
    .map(({ method, path }) => `${method} ${path}`);
  expect([...served].sort()).toEqual(documented.sort());
  expect(served.size).toBeGreaterThan(adminOperations.length);

  const commands = commandTable.flatMap((one) => [one.name, ...one.aliases]);
  for (const name of commands) {
    expect(Object.keys(document.paths[`/api/${name}`] ?? {}).sort()).toEqual(['get', 'post']);
  }
});

test('the pages for people come from here alone', async () => {
  const page = await fetch(`${running.url}/docs`);
  expect(page.status).toBe(200);
  const policy = page.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'self'");
  expect(policy).not.toMatch(/https?:|unsafe-eval|script-src/);
  const html = await page.text();
  const sources = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source = '']) => source);
  expect(sources.length).toBeGreaterThan(2);
  for (const source of sources) {
    expect(source).toMatch(/^\/docs\//);
    const asset = await fetch(`${running.url}${source}`);
    expect([source, asset.status]).toEqual([source, 200]);
    expect(Number((await asset.arrayBuffer()).byteLength)).toBeGreaterThan(100);
  }
  // Inline code would be refused by the policy.
  expect(html).not.toMatch(/<script>|\son\w+=/);
});
