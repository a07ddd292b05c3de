import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { AddressList } from '../address-list.ts';

/** Nothing came of a POST. */
export class CallbackFault extends Error {
  /** Whether something may have reached the other side: then it must not be said again. */
  readonly begun: boolean;
  constructor(message: string, begun: boolean) {
    super(message);
    this.begun = begun;
  }
}

/** What is read of an answer, which nobody looks at, before the connection is let go. */
const answerBytes = 65_536;

/**
 * Posts to addresses that strangers name, and to none that the operator has not: names exactly as
 * they are listed, wherever they lead, and addresses within the listed ones. A redirect is an answer
 * like any other.
 */
export class Callback {
  readonly #names: ReadonlySet<string>;
  readonly #addresses: AddressList;
  readonly #timeoutMs: number;

  /** @param allow host names, IPs and CIDR ranges */
  constructor(allow: readonly string[], timeoutMs = 10_000) {
    const addresses = allow.filter((entry) => isIP(entry.split('/')[0] ?? '') !== 0);
    this.#addresses = new AddressList(addresses);
    this.#names = new Set(
      allow.filter((entry) => !addresses.includes(entry)).map((entry) => entry.toLowerCase()),
    );
    this.#timeoutMs = timeoutMs;
  }

  /** Why nothing may be posted there; undefined: it may. */
  objection(address: string): string | undefined {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (url === undefined) return 'not an address';
    if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'neither http nor https';
    if (url.username !== '' || url.password !== '') return 'an address with a password';
    const host = hostOf(url);
    const allowed = isIP(host) === 0 ? this.#names.has(host) : this.#addresses.has(host);
    return allowed ? undefined : `${host} is not among imbot.noticeAllow`;
  }

  /** @returns the status of the answer. @throws CallbackFault */
  post(address: string, json: string, signal?: AbortSignal): Promise<number> {
    const objection = this.objection(address);
    if (objection !== undefined) return Promise.reject(new CallbackFault(objection, false));
    const url = new URL(address);
    const timeout = AbortSignal.timeout(this.#timeoutMs);
    const secure = url.protocol === 'https:';
    let begun = false;
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void =>
        reject(new CallbackFault('code' in error ? String(error.code) : error.message, begun));
      const request = (secure ? requestHttps : requestHttp)(
        url,
        {
          method: 'POST',
          agent: false,
          signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
          headers: {
            'content-type': 'application/json; charset=utf-8',
            'content-length': Buffer.byteLength(json),
          },
        },
        (response) => {
          let left = answerBytes;
          response.on('data', (chunk: Buffer) => {
            left -= chunk.length;
            if (left < 0) response.destroy();
          });
          response.on('error', () => {});
          resolve(response.statusCode ?? 0);
        },
      );
      request.once('socket', (socket) => {
        // What follows is the request itself.
        socket.once(secure ? 'secureConnect' : 'connect', () => {
          begun = true;
        });
      });
      request.on('error', fail);
      request.end(json);
    });
  }
}

/** For logs: an address may hold secrets behind its host. */
export function hostIn(address: string): string {
  return URL.canParse(address) ? hostOf(new URL(address)) : '';
}

/** Host without the brackets of an IPv6 literal. The URL parser already made odd IPv4 forms plain. */
function hostOf(url: URL): string {
  return url.hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}
