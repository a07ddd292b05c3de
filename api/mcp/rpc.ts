import { isUtf8 } from 'node:buffer';

/** Codes of JSON-RPC 2.0. */
export const rpcCodes = {
  parse: -32_700,
  invalidRequest: -32_600,
  noMethod: -32_601,
  invalidParams: -32_602,
  inner: -32_603,
  tooMany: -32_000,
} as const;

export type RpcId = string | number;

export interface RpcRequest {
  /** Undefined: a notification, which is not answered. */
  id: RpcId | undefined;
  method: string;
  params: Record<string, unknown>;
}

export interface RpcFault {
  code: number;
  message: string;
}

export type RpcAnswer =
  | { jsonrpc: '2.0'; id: RpcId; result: unknown }
  | { jsonrpc: '2.0'; id: RpcId | null; error: RpcFault };

/** Something that the other side did wrong; its message is for the other side. */
export class RpcError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** What came: one message or a batch; each is a request, an answer to us (which nobody asked for), or faulty. */
export interface RpcBody {
  batch: boolean;
  messages: (RpcRequest | RpcAnswer | 'answer')[];
}

/** So many messages a batch may have. */
const mostInBatch = 20;
/** Deeper than any argument is, and far from where the stack ends. */
const mostLevels = 32;

/** @throws RpcError parse, invalidRequest */
export function readRpc(bytes: Buffer): RpcBody {
  const body = parse(bytes);
  if (!Array.isArray(body)) return { batch: false, messages: [readMessage(body)] };
  if (body.length === 0) throw new RpcError(rpcCodes.invalidRequest, 'an empty batch');
  if (body.length > mostInBatch) {
    throw new RpcError(rpcCodes.invalidRequest, `a batch has at most ${mostInBatch} messages`);
  }
  return { batch: true, messages: body.map(readMessage) };
}

export function rpcFault(id: RpcId | null, code: number, message: string): RpcAnswer {
  return { jsonrpc: '2.0', id, error: { code, message } };
}

function parse(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw new RpcError(rpcCodes.parse, 'not UTF-8');
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new RpcError(rpcCodes.parse, 'not JSON');
  }
  if (isDeeper(value, mostLevels)) throw new RpcError(rpcCodes.parse, 'nested too deeply');
  return value;
}

function readMessage(value: unknown): RpcRequest | RpcAnswer | 'answer' {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return rpcFault(null, rpcCodes.invalidRequest, 'a message is an object');
  }
  const { jsonrpc, id, method, params = {} } = value as Record<string, unknown>;
  const known = typeof id === 'string' || Number.isSafeInteger(id) ? (id as RpcId) : undefined;
  const faulty = (what: string) => rpcFault(known ?? null, rpcCodes.invalidRequest, what);
  if (jsonrpc !== '2.0') return faulty('jsonrpc must be "2.0"');
  if (id !== undefined && known === undefined) return faulty('id must be a string or an integer');
  if (method === undefined && ('result' in value || 'error' in value)) return 'answer';
  if (typeof method !== 'string' || method === '') return faulty('method is missing');
  if (typeof params !== 'object' || params === null || Array.isArray(params)) {
    return faulty('params must be an object');
  }
  return { id: known, method, params: params as Record<string, unknown> };
}

/** Level by level, so that the stack is not what ends it. */
function isDeeper(value: unknown, most: number): boolean {
  let level: object[] = typeof value === 'object' && value !== null ? [value] : [];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth >= most) return true;
    level = level.flatMap((one) =>
      Object.values(one).filter(
        (inner): inner is object => typeof inner === 'object' && inner !== null,
      ),
    );
  }
  return false;
}
