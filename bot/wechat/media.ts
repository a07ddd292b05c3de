import { createHash } from 'node:crypto';
import type { Logger } from '../../config/logger.ts';
import type { WechatMediaStore } from '../../store/wechat-media.ts';
import type { Clock } from '../clock.ts';
import { FetchError, type Fetcher } from '../fetcher.ts';
import { typeOf, unknownType } from '../file-type.ts';
import { type Files, filePath, sha256In } from '../files.ts';
import type { Account, Accounts } from './account.ts';
import type { ApiAnswer } from './answer.ts';
import type { WechatApi } from './api.ts';
import type { MediaNeed } from './custom-send.ts';
import { ownCodes } from './errors.ts';
import type { Wire } from './exchange.ts';
import { mediaFault, mediaLifeMs, mediaLimits } from './media-limits.ts';
import { asJpeg } from './pictures.ts';
import type { MediaPort } from './ports.ts';

export type MediaFault = Exclude<ApiAnswer, { kind: 'ok' | 'file' }>;
export type MediaAnswer = { ok: true; mediaId: string } | { ok: false; fault: MediaFault };

export interface WechatMediaOptions {
  store: WechatMediaStore;
  accounts: Accounts;
  api: WechatApi;
  wire: Wire;
  files: Files;
  fetcher: Fetcher;
  clock: Clock;
  logger: Logger;
}

interface Source {
  sha256: string;
  type: string;
  extension: string;
  bytes: Uint8Array;
}

/** What is nearly over may be over on arrival. */
const marginMs = 4 * 3_600_000;
const transferMs = 60_000;
const downloadBytes = 30 * 1_048_576;

/** Files that WeChat holds: ours, uploaded and renewed when needed, and those of its users. */
export class WechatMedia implements MediaPort {
  readonly #options: WechatMediaOptions;
  /** Uploads under way, by account, content and kind. */
  readonly #flights = new Map<string, Promise<MediaAnswer>>();

  constructor(options: WechatMediaOptions) {
    this.#options = options;
  }

  /** The id under which WeChat holds this file; it is uploaded if need be. */
  async idOf(account: Account, need: MediaNeed, signal: AbortSignal): Promise<MediaAnswer> {
    // Of a file of ours: it can be renewed.
    if (need.url === '' && need.mediaId !== undefined) return { ok: true, mediaId: need.mediaId };
    const found = await this.#find(need, signal);
    if ('kind' in found) {
      const { mediaId } = need;
      return mediaId === undefined ? { ok: false, fault: found } : { ok: true, mediaId };
    }
    const key = `${account.appid} ${found.sha256} ${need.kind}`;
    let flight = this.#flights.get(key);
    if (flight === undefined) {
      flight = this.#held(account, need.kind, found, signal).finally(() => {
        this.#flights.delete(key);
      });
      this.#flights.set(key, flight);
    }
    return await flight;
  }

  /** WeChat says that it does not hold it (40007): the next `idOf` uploads it again. */
  lost(account: string, mediaId: string): Promise<void> {
    const { store } = this.#options;
    return store.db.transaction((tx) => store.forget(tx, account, mediaId));
  }

  async download(
    appid: string,
    mediaId: string,
    signal?: AbortSignal,
  ): Promise<{ url: string } | undefined> {
    const { accounts, api, files, logger } = this.#options;
    const account = accounts.get(appid);
    if (account === undefined) return undefined;
    const answer = await api.call(account, {
      method: 'GET',
      path: '/cgi-bin/media/get',
      query: { media_id: mediaId },
      file: true,
      timeoutMs: transferMs,
      maxBytes: downloadBytes,
      signal,
    });
    try {
      if (answer.kind === 'file') return { url: filePath(await files.put(answer.bytes)) };
      const video = answer.kind === 'ok' ? answer.body['video_url'] : undefined;
      if (typeof video !== 'string') return undefined;
      const bytes = await this.#fetch(account, video, signal);
      return bytes && { url: filePath(await files.put(bytes)) };
    } catch (error) {
      const why = error instanceof FetchError ? error.message : error;
      logger.warn({ account: appid, err: why }, 'a file of WeChat could not be had');
      return undefined;
    }
  }

  /** Forgets what WeChat has forgotten. @returns how many */
  prune(limit: number): Promise<number> {
    const { store, clock } = this.#options;
    const before = clock.now() - mediaLifeMs;
    return store.db.transaction((tx) => store.prune(tx, before, limit));
  }

  /** From where the config says WeChat is, or from anywhere that strangers may name. */
  async #fetch(account: Account, url: string, signal?: AbortSignal): Promise<Buffer | undefined> {
    const limits = { timeoutMs: transferMs, maxBytes: downloadBytes, ...(signal && { signal }) };
    const { origin } = new URL(account.settings.apiBase);
    if (!URL.canParse(url) || new URL(url).origin !== origin) {
      return await this.#options.fetcher.fetch(url, limits);
    }
    const exchange = await this.#options.wire.ask({ url, method: 'GET', ...limits });
    return exchange.ok && exchange.status === 200 ? exchange.body : undefined;
  }

  async #held(
    account: Account,
    kind: MediaNeed['kind'],
    source: Source,
    signal: AbortSignal,
  ): Promise<MediaAnswer> {
    const { store, clock } = this.#options;
    const row = await store.get(account.appid, source.sha256, kind);
    if (row !== undefined && row.at + mediaLifeMs - marginMs > clock.now()) {
      return { ok: true, mediaId: row.media_id };
    }
    const fit = await fitted(kind, source);
    const wrong = mediaFault(kind, { type: fit.type, size: fit.bytes.length });
    if (wrong !== undefined) return { ok: false, fault: refused(wrong.errcode, wrong.errmsg) };
    const at = clock.now();
    const answer = await this.#options.api.call(account, {
      method: 'POST',
      path: '/cgi-bin/media/upload',
      query: { type: kind },
      form: {
        field: 'media',
        filename: `${source.sha256}.${fit.extension}`,
        type: fit.type,
        bytes: fit.bytes,
      },
      timeoutMs: transferMs,
      signal,
    });
    if (answer.kind !== 'ok') {
      // Nobody sees an upload that may have been made: it can be made again.
      const fault = answer.kind === 'refused' ? answer : unsent(answer);
      return { ok: false, fault };
    }
    const id = answer.body['media_id'];
    if (typeof id !== 'string' || id === '') {
      return { ok: false, fault: { kind: 'unsent', error: 'an upload without a media_id' } };
    }
    const { sha256 } = source;
    await store.db.transaction((tx) =>
      store.put(tx, { account: account.appid, sha256, kind, media_id: id, at }),
    );
    return { ok: true, mediaId: id };
  }

  async #find(need: MediaNeed, signal: AbortSignal): Promise<Source | MediaFault> {
    const sha256 = sha256In(need.url);
    const ours = sha256 === undefined ? undefined : await this.#options.files.read(sha256);
    if (ours !== undefined) return { ...ours.file, bytes: ours.bytes };
    if (!/^https?:\/\//i.test(need.url)) return refused(41005, `no such file: ${need.url}`);
    try {
      const bytes = await this.#options.fetcher.fetch(need.url, {
        // A picture that is too large may be made smaller.
        maxBytes: need.kind === 'image' ? downloadBytes : mediaLimits[need.kind].bytes,
        signal,
      });
      const { mime, ext } = (await typeOf(bytes)) ?? unknownType;
      const digest = createHash('sha256').update(bytes).digest('hex');
      return { sha256: digest, type: mime, extension: ext, bytes };
    } catch (error) {
      if (!(error instanceof FetchError)) throw error;
      // Which inner names there are is nobody's business: no such name and none that may be asked are alike.
      if (error.fault === 'refused' || error.message === 'ENOTFOUND') {
        return refused(
          ownCodes.address,
          `${need.url}: not an address that can be fetched from here`,
        );
      }
      if (error.fault === 'unreachable') return { kind: 'unsent', error: error.message };
      if (error.fault === 'too-large') {
        return refused(mediaLimits[need.kind].tooLarge, error.message);
      }
      return refused(41005, `${need.url}: ${error.message}`);
    }
  }
}

/** A picture that WeChat does not take as it is, made one that it does, where that is possible. */
async function fitted(kind: MediaNeed['kind'], source: Source): Promise<Source> {
  const size = source.bytes.length;
  const wrong = mediaFault(kind, { type: source.type, size }) !== undefined;
  if (kind !== 'image' || !wrong || size === 0 || !source.type.startsWith('image/')) return source;
  const jpeg = await asJpeg(source.bytes);
  return jpeg === undefined
    ? source
    : { ...source, type: 'image/jpeg', extension: 'jpg', bytes: jpeg };
}

function refused(errcode: number, errmsg: string): MediaFault {
  return { kind: 'refused', errcode, errmsg, body: {}, local: true };
}

function unsent(answer: ApiAnswer): MediaFault {
  return { kind: 'unsent', error: 'error' in answer ? answer.error : 'no JSON' };
}
