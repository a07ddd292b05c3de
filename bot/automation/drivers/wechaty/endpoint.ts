import { DriverError } from '../../driver.ts';

export interface Discovery {
  /** Host that knows where a token's service runs; `http://` in front only for tests and tunnels. */
  authority: string;
  token: string;
  signal: AbortSignal;
  timeoutMs?: number;
}

const longestAnswer = 4096;

/**
 * Asks where the service of a token runs (`GET /v0/hosties/<token>`): done here, because the
 * resolver of the puppet library ends the process with the gRPC library of today.
 * @returns `host:port`
 * @throws DriverError `offline` with the reason, without the token
 */
export async function discoverEndpoint(discovery: Discovery): Promise<string> {
  const { authority, token, signal, timeoutMs = 5000 } = discovery;
  const base = /^https?:\/\//.test(authority) ? authority : `https://${authority}`;
  const timeout = AbortSignal.timeout(timeoutMs);
  let answer: { status: number; body: string };
  try {
    const response = await fetch(
      `${base.replace(/\/+$/, '')}/v0/hosties/${encodeURIComponent(token)}`,
      { redirect: 'error', signal: AbortSignal.any([signal, timeout]) },
    );
    answer = { status: response.status, body: await readShort(response) };
  } catch (error) {
    if (signal.aborted) throw new DriverError('offline', 'the start was aborted');
    const why = timeout.aborted ? `no answer within ${timeoutMs / 1000} s` : causeOf(error);
    throw failure(authority, why);
  }
  const { status, body } = answer;
  if (status >= 400 && status < 500) throw failure(authority, 'it knows no service of this token');
  if (status !== 200) throw failure(authority, `HTTP ${status}`);
  return readAddress(authority, body);
}

function readAddress(authority: string, body: string): string {
  let address: unknown;
  try {
    address = JSON.parse(body);
  } catch {
    throw failure(authority, 'its answer is not JSON');
  }
  if (typeof address !== 'object' || address === null) {
    throw failure(authority, 'its answer has no host and port');
  }
  const { host, ip, port } = address as Record<string, unknown>;
  const where = typeof host === 'string' && host !== '' ? host : ip;
  const number = Number(port);
  if (typeof where !== 'string' || !Number.isInteger(number) || number < 0 || number > 65_535) {
    throw failure(authority, 'its answer has no host and port');
  }
  // What the authority says of a token whose service is not running.
  if (where === '0.0.0.0' || where === '' || number === 0) {
    throw failure(authority, 'the service of this token is not running');
  }
  if (!/^[\w.:-]+$/.test(where)) throw failure(authority, 'its answer has no host and port');
  return where.includes(':') ? `[${where}]:${number}` : `${where}:${number}`;
}

async function readShort(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > longestAnswer) throw new Error('its answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** fetch hides the reason in `cause`, and would print the address with the token in it. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code = typeof cause === 'object' && cause !== null ? Reflect.get(cause, 'code') : undefined;
  if (typeof code === 'string') return code;
  return cause instanceof Error && cause.message.startsWith('its answer')
    ? cause.message
    : 'it could not be reached';
}

function failure(authority: string, why: string): DriverError {
  return new DriverError('offline', `token discovery at ${authority}: ${why}`);
}
