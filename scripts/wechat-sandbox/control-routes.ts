import { isIP } from 'node:net';
import { ZodError, type z } from 'zod';
import type { Answer } from './answers.ts';
import * as schema from './control-schema.ts';
import type { Controls } from './controls.ts';
import { pageFile } from './page.ts';
import type { OwnRequest, OwnRoutes } from './server.ts';
import type { FaultOptions, PushOutcome, Said, Template, UserOptions } from './types.ts';
import type { World } from './world.ts';

type Work = (openid: string, body: unknown, query: URLSearchParams) => unknown;

/** What people and tests order over HTTP, under /sandbox: the methods of the Sandbox object. */
export function createControlRoutes(world: World, controls: Controls): OwnRoutes {
  const routes = routesOf(controls);
  return async (request) => {
    const { pathname } = request.url;
    if (pathname === '/') return { status: 302, headers: { location: '/sandbox/' }, body: '' };
    if (pathname !== '/sandbox' && !pathname.startsWith('/sandbox/')) return undefined;
    const stranger = strangerOf(request, world.options.host ?? '127.0.0.1');
    if (stranger !== undefined) return json(403, { error: stranger });
    const file = pageFile(pathname) ?? mediaFile(world, pathname);
    if (file !== undefined) return file;
    try {
      return await work(routes, request);
    } catch (error) {
      return json(400, { error: reasonOf(error) });
    }
  };
}

async function work(routes: Record<string, Work>, request: OwnRequest): Promise<Answer> {
  const { pathname, searchParams } = request.url;
  const user = /^\/sandbox\/users\/([^/]+)(\/[a-z]+)?$/.exec(pathname);
  const path = user === null ? pathname : `/sandbox/users/:openid${user[2] ?? ''}`;
  const route = `${request.method} ${path}`;
  const found = Object.hasOwn(routes, route) ? routes[route] : undefined;
  if (found === undefined) return json(404, { error: `there is no ${route}`, routes: routeNames });
  const openid = decodeURIComponent(user?.[1] ?? '');
  const body: unknown = request.text.trim() === '' ? {} : JSON.parse(request.text);
  return json(200, (await found(openid, body, searchParams)) ?? {});
}

/** Absent optional members are absent, not undefined: what zod gives, typed as ours. */
function read<T>(which: z.ZodType, body: unknown): T {
  return which.parse(body) as T;
}

type Pushed = Promise<PushOutcome>;
type Waits = { wait?: boolean; appid?: string };

function settled(pushed: Pushed, wait: boolean | undefined): Pushed | Record<string, never> {
  if (wait !== false) return pushed;
  pushed.catch(() => {});
  return {};
}

function routesOf(controls: Controls): Record<string, Work> {
  const where = (query: URLSearchParams): { appid?: string } => {
    const appid = query.get('appid');
    return appid === null ? {} : { appid };
  };
  return {
    'GET /sandbox/state': () => controls.state(),
    'GET /sandbox/users': () => ({ users: controls.users() }),
    'POST /sandbox/users': (_openid, body) =>
      controls.user(read<UserOptions>(schema.userSchema, body)),
    'GET /sandbox/users/:openid': (openid, _body, query) => controls.find(openid, where(query)),
    'POST /sandbox/users/:openid/say': (openid, body) => {
      const { appid, copies, fresh, forge, wait, ...said } = schema.saySchema.parse(body);
      const options = defined({ appid, copies, fresh, forge });
      return settled(controls.say(openid, said as Said, options), wait);
    },
    'POST /sandbox/users/:openid/event': (openid, body) => {
      const { appid, copies, fresh, forge, wait, ...event } = schema.eventSchema.parse(body);
      const options = defined({ appid, copies, fresh, forge });
      return settled(controls.event(openid, event, options), wait);
    },
    'POST /sandbox/users/:openid/accept': (openid, body) => {
      const { templateId, wait, ...options } = read<{ templateId: string } & Waits>(
        schema.acceptSchema,
        body,
      );
      return settled(controls.accept(openid, templateId, options), wait);
    },
    'POST /sandbox/users/:openid/block': (openid, body) => {
      const { blocked, ...at } = read<{ blocked: boolean; appid?: string }>(
        schema.blockSchema,
        body,
      );
      return controls.block(openid, blocked, at);
    },
    'GET /sandbox/users/:openid/messages': (openid, _body, query) => ({
      messages: controls.messages(openid, { own: query.get('own') === '1', ...where(query) }),
    }),
    'POST /sandbox/codes': (_openid, body) => {
      const { openid, ...at } = read<{ openid: string; appid?: string }>(schema.codeSchema, body);
      return { code: controls.code(openid, at) };
    },
    'GET /sandbox/faults': () => ({ faults: controls.faults() }),
    'POST /sandbox/faults': (_openid, body) => {
      controls.fault(read<FaultOptions>(schema.faultSchema, body));
      return { faults: controls.faults() };
    },
    'DELETE /sandbox/faults': () => controls.clearFaults(),
    'POST /sandbox/clock': (_openid, body) => ({
      now: controls.advance(schema.clockSchema.parse(body).advanceMs),
    }),
    'GET /sandbox/calls': (_openid, _body, query) => ({
      calls: controls.calls(query.get('path') ?? ''),
    }),
    'GET /sandbox/pushes': (_openid, _body, query) => ({
      pushes: controls.pushes(query.get('openid') ?? undefined),
    }),
    'POST /sandbox/push': (_openid, body) => {
      const { url, ...at } = read<{ url: string; appid?: string }>(schema.pushSchema, body);
      controls.setPush(url, at);
      return { accounts: controls.state().accounts };
    },
    'POST /sandbox/templates': (_openid, body) => {
      const { appid, ...template } = read<Template & { appid?: string }>(
        schema.templateSchema,
        body,
      );
      controls.template(template, defined({ appid }));
    },
    'POST /sandbox/verify': (_openid, body) =>
      controls.verify(read<{ wrong?: boolean; appid?: string }>(schema.verifySchema, body)),
  };
}

const routeNames = Object.keys(routesOf({} as Controls));

function defined<T extends Record<string, unknown>>(
  given: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

function json(status: number, body: unknown): Answer {
  return { status, type: 'application/json; charset=utf-8', body: JSON.stringify(body) };
}

function mediaFile(world: World, path: string): Answer | undefined {
  const id = /^\/sandbox\/media\/([\w-]+)$/.exec(path)?.[1];
  const media = id === undefined ? undefined : world.media.show(id);
  if (media === undefined) return undefined;
  return {
    type: media.mime,
    headers: { 'x-content-type-options': 'nosniff' },
    body: media.bytes,
  };
}

/** Pages of other sites must not play people: they could make the daemon say and do things. */
function strangerOf(request: OwnRequest, listening: string): string | undefined {
  const { host = '', origin } = request.headers;
  if (origin !== undefined && origin !== `http://${host}`) return 'no calls from other pages';
  const name = host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  const local = ['127.0.0.1', '::1', 'localhost'].includes(listening);
  return local && isIP(name) === 0 && name !== 'localhost' ? `not known as ${name}` : undefined;
}

function reasonOf(error: unknown): string {
  if (error instanceof ZodError) {
    return error.issues.map((one) => `${one.path.join('.')}: ${one.message}`).join('; ');
  }
  return error instanceof Error ? error.message : String(error);
}
