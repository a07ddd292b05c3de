import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { type Answer, answerOf, Refusal } from './answers.ts';
import type { ApiCall } from './api-call.ts';
import type { Call, FaultOptions } from './types.ts';
import type { World } from './world.ts';

/** A request with its body read. */
export interface OwnRequest {
  method: string;
  url: URL;
  headers: IncomingMessage['headers'];
  text: string;
}

/** Answers what is not the platform's own, or undefined when it is. */
export type OwnRoutes = (request: OwnRequest) => Promise<Answer | undefined>;

const largest = 32 << 20;

/** The HTTP side: reads bodies, logs calls, lets faults happen. */
export function createSandboxServer(
  world: World,
  api: (call: ApiCall) => Promise<Answer>,
  own: OwnRoutes,
  ending: AbortSignal,
): Server {
  /** Calls not yet answered, by path and user. */
  const underWay = new Map<string, number>();
  return createServer((request, response) => {
    response.on('error', () => {});
    serve(request, response).catch(() => request.socket.destroy());
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = await bodyOf(request);
    const method = request.method ?? 'GET';
    const url = new URL(request.url ?? '/', 'http://sandbox');
    const routed = await own({ method, url, headers: request.headers, text: bytes.toString() });
    if (routed !== undefined) return write(response, routed);
    const contentType = request.headers['content-type'] ?? '';
    const now = world.now();
    const { pathname: path, searchParams: query } = url;
    const log = logged(world, method, url, contentType, bytes);
    const fault = world.faults.take(path, touser(log.body));
    if (fault !== undefined) log.fault = fault.kind;
    const line = `${path} ${touser(log.body) ?? ''}`;
    const others = underWay.get(line) ?? 0;
    underWay.set(line, others + 1);
    const call = { world, method, path, query, contentType, bytes, now, alone: others === 0 };
    await answer(response, log, fault, call).finally(() => {
      underWay.set(line, (underWay.get(line) ?? 1) - 1);
    });
  }

  async function answer(
    response: ServerResponse,
    log: Call,
    fault: FaultOptions | undefined,
    call: ApiCall,
  ): Promise<void> {
    const send = (what: Answer): void => {
      log.status = what.status ?? 200;
      log.answer = typeof what.body === 'string' ? what.body : `(${what.body.length} bytes)`;
      write(response, what);
    };
    await sleep(world.options.latencyMs ?? 0);
    const effect = fault?.done === true ? await api(call) : undefined;
    switch (fault?.kind) {
      case 'hang':
        if (fault.ms === undefined) return;
        await sleep(fault.ms);
        response.destroy();
        return;
      case 'close':
        response.destroy();
        return;
      case 'cut':
        return cut(response, effect ?? (await api(call)));
      case 'error':
        return send(answerOf(new Refusal(fault.errcode ?? -1, fault.errmsg)));
      case 'http500':
        return send({ status: 500, type: 'text/html', body: '<h1>Internal Server Error</h1>' });
      case 'garbage':
        return send({ type: 'text/html', body: '<html><body>busy {"errcode":</body></html>' });
      case 'delay':
        await sleep(fault.ms ?? 1000);
        return send(effect ?? (await api(call)));
      case 'expireToken': {
        const text = call.query.get('access_token');
        const appid = call.query.get('appid');
        if (text !== null) world.tokens.expire({ text }, call.now);
        else if (appid !== null) world.tokens.expire({ appid }, call.now);
        return send(await api(call));
      }
      default:
        return send(await api(call));
    }
  }

  async function sleep(ms: number): Promise<void> {
    if (ms > 0) await pause(ms, undefined, { signal: ending });
  }
}

function write(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status ?? 200, {
    'content-type': answer.type ?? 'application/json; encoding=utf-8',
    'content-length': Buffer.byteLength(answer.body),
    ...answer.headers,
  });
  response.end(answer.body);
}

/** Half the answer, then the connection breaks. */
function cut(response: ServerResponse, answer: Answer): void {
  const bytes = Buffer.from(answer.body);
  response.writeHead(200, {
    'content-type': answer.type ?? 'application/json; encoding=utf-8',
    'content-length': bytes.length,
  });
  response.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => response.destroy());
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > largest) throw new Error('body too large');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function logged(world: World, method: string, url: URL, type: string, bytes: Buffer): Call {
  const call: Call = {
    seq: world.nextId(),
    at: world.now(),
    method,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    text: '',
  };
  if (type.startsWith('multipart/')) {
    const file = fileOf(bytes);
    call.files = file === undefined ? [] : [file];
  } else {
    call.text = bytes.toString();
    try {
      call.body = JSON.parse(call.text) as unknown;
    } catch {
      // Not JSON: the text says what it was.
    }
  }
  world.logCall(call);
  return call;
}

/** What the first part of a multipart body says of itself. */
function fileOf(bytes: Buffer): NonNullable<Call['files']>[number] | undefined {
  const start = bytes.indexOf('\r\n\r\n') + 4;
  const head = bytes.toString('utf8', 0, Math.max(start, 0));
  const field = /[; ]name="([^"]*)"/.exec(head)?.[1];
  if (field === undefined) return undefined;
  const name = /filename="([^"]*)"/.exec(head)?.[1] ?? '';
  const type = /content-type: *([^\r]*)/i.exec(head)?.[1] ?? '';
  // Up to the closing boundary.
  return { field, name, type, bytes: Math.max(bytes.lastIndexOf('\r\n--') - start, 0) };
}

function touser(body: unknown): string | undefined {
  const openid = (body as { touser?: unknown } | null | undefined)?.touser;
  return typeof openid === 'string' ? openid : undefined;
}
