/** A part of a form as its own headers name it; nothing of it is to be believed. */
export interface PartHead {
  name: string;
  /** It has a file name, so it is one; empty fields of files have an empty one. */
  isFile: boolean;
  /** It has a media type, as files have, and fields of some clients. */
  isTyped: boolean;
}

export type MultipartEvent =
  | { kind: 'begin'; head: PartHead }
  | { kind: 'data'; bytes: Buffer }
  | { kind: 'end' };

/** The body is no form, or not the whole of one. */
export class BrokenForm extends Error {}

/** Longest headers of one part. */
const mostHeaderBytes = 8192;
const headersEnd = Buffer.from('\r\n\r\n');

/** The boundary that a content type names; undefined: it names none that could be. */
export function boundaryOf(contentType: string): string | undefined {
  if (!/^\s*multipart\/form-data\s*;/i.test(contentType)) return undefined;
  const found = /;\s*boundary=(?:"([^"\r\n]{1,70})"|([^\s;,"]{1,70}))\s*(?:;|$)/i.exec(contentType);
  return found?.[1] ?? found?.[2];
}

/**
 * Takes a multipart body apart as it comes, holding back at most what may be the beginning of a
 * boundary. Written here since the parsers at hand either keep whole files in memory (fetch's
 * `formData`) or go on reading while the disk is behind (formidable): here the caller decides when
 * the next chunk comes.
 */
export class MultipartParser {
  readonly #delimiter: Buffer;
  /** Begins with a line end, as the first boundary may stand at the very start. */
  #rest: Buffer = Buffer.from('\r\n');
  #state: 'preamble' | 'line' | 'data' | 'end' = 'preamble';

  constructor(boundary: string) {
    this.#delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  }

  /** @throws BrokenForm */
  *push(chunk: Buffer): Generator<MultipartEvent, void> {
    if (this.#state === 'end') return;
    let buffer = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      if (this.#state === 'line') {
        const line = readLine(buffer);
        if (line === 'more') break;
        if (line === 'last') {
          this.#state = 'end';
          this.#rest = Buffer.alloc(0);
          return;
        }
        yield { kind: 'begin', head: line.head };
        buffer = buffer.subarray(line.length);
        this.#state = 'data';
      }
      const at = buffer.indexOf(this.#delimiter);
      const inPart = this.#state === 'data';
      const sure = at === -1 ? this.#sure(buffer) : at;
      if (inPart && sure > 0) yield { kind: 'data', bytes: buffer.subarray(0, sure) };
      buffer = buffer.subarray(sure);
      if (at === -1) break;
      if (inPart) yield { kind: 'end' };
      buffer = buffer.subarray(this.#delimiter.length);
      this.#state = 'line';
    }
    // A copy: what is held back must not keep the chunk that it came with.
    this.#rest = Buffer.from(buffer);
  }

  /** The body has ended. @throws BrokenForm when the form has not */
  end(): void {
    if (this.#state !== 'end') throw new BrokenForm('the form has no end');
  }

  /** How much of this is no beginning of a boundary. */
  #sure(buffer: Buffer): number {
    const from = Math.max(0, buffer.length - this.#delimiter.length + 1);
    for (let at = buffer.indexOf(13, from); at !== -1; at = buffer.indexOf(13, at + 1)) {
      if (this.#delimiter.subarray(0, buffer.length - at).equals(buffer.subarray(at))) return at;
    }
    return buffer.length;
  }
}

/** What follows a boundary: `--`, or the rest of its line and the headers of a part. */
function readLine(buffer: Buffer): 'more' | 'last' | { head: PartHead; length: number } {
  if (buffer.length >= 2 && buffer.toString('latin1', 0, 2) === '--') return 'last';
  const at = buffer.indexOf(headersEnd);
  if (at === -1 || at > mostHeaderBytes) {
    if (buffer.length > mostHeaderBytes) throw new BrokenForm('headers without an end');
    return 'more';
  }
  const [padding = '', ...lines] = buffer.toString('utf8', 0, at).split('\r\n');
  if (!/^[ \t]*$/.test(padding)) throw new BrokenForm('no line end behind a boundary');
  return { head: headOf(lines), length: at + headersEnd.length };
}

function headOf(lines: readonly string[]): PartHead {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = /^([\w!#$%&'*+.^`|~-]+):[ \t]*(.*)$/s.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new BrokenForm('a broken header');
    headers.set(name.toLowerCase(), value);
  }
  const disposition = headers.get('content-disposition') ?? '';
  const encoding = headers.get('content-transfer-encoding') ?? 'binary';
  if (!/^(?:binary|7bit|8bit)\s*$/i.test(encoding)) throw new BrokenForm('an encoded part');
  if (!/^form-data\s*(?:;|$)/i.test(disposition)) throw new BrokenForm('a part without a name');
  const parameters = parametersOf(disposition);
  const name = parameters.get('name');
  if (name === undefined) throw new BrokenForm('a part without a name');
  const isFile = parameters.has('filename') || parameters.has('filename*');
  return { name, isFile, isTyped: headers.has('content-type') };
}

/** As browsers write them: quotes within quotes are `%22`, a backslash is one. The first counts. */
function parametersOf(disposition: string): Map<string, string> {
  const found = new Map<string, string>();
  const pattern = /;\s*([\w*]+)\s*=\s*(?:"([^"]*)"|([^\s;"]*))/g;
  for (const [, key = '', quoted, bare = ''] of disposition.matchAll(pattern)) {
    const value = (quoted ?? bare).replace(/%(22|0D|0A)/gi, (_all, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    if (!found.has(key.toLowerCase())) found.set(key.toLowerCase(), value);
  }
  return found;
}
