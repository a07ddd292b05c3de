import type { Context } from 'koa';
import type { FileDraft } from '../../bot/file-drafts.ts';
import type { FileType } from '../../bot/file-type.ts';
import type { Files, StoredFile } from '../../bot/files.ts';
import type { Logger } from '../../config/logger.ts';
import { RequestAborted } from '../middleware/boundary.ts';
import { BrokenForm, boundaryOf, MultipartParser } from './multipart.ts';
import { UploadBody } from './upload-body.ts';
import { UploadFault } from './upload-fault.ts';
import { UploadPace } from './upload-pace.ts';
import { UploadSlots } from './upload-slots.ts';

/** What a form adds around its file, at most. */
const extraBytes = 65_536;

export interface UploadWish {
  maxBytes: number;
  /** Name of the field that is the file; absent: the file of the form, whatever its name. */
  field?: string;
  /** Files beside it: refused, or read and forgotten. */
  others: 'refuse' | 'skip';
  /** A body that is no form is the file itself. */
  raw: boolean;
  /** Whether it may be of this type, which its first bytes tell. */
  takes?: (type: FileType | undefined) => boolean;
  /** Is shown all of the body as it comes, what is refused too. */
  watch?: (chunk: Buffer) => void;
  /** Is asked when all has come and nothing is kept yet; throws its own refusal. */
  confirm?: () => void;
}

export interface UploadsOptions {
  files: Files;
  logger?: Logger;
  /** So many are read at once. */
  most?: number;
  /** A body of which nothing comes for so long is given up. */
  stallMs?: number;
}

/**
 * Receives files: from the socket into a draft on disk, never whole in memory, whatever the family.
 * Nothing of a file that is refused, broken off or not wanted stays.
 */
export class Uploads {
  readonly #files: Files;
  readonly #logger: Logger | undefined;
  readonly #slots: UploadSlots;
  readonly #pace = new UploadPace();
  readonly #stallMs: number;

  constructor({ files, logger, most = 32, stallMs = 30_000 }: UploadsOptions) {
    this.#files = files;
    this.#logger = logger;
    this.#slots = new UploadSlots(most, most * 16);
    this.#stallMs = stallMs;
  }

  /**
   * Reads the request's body and keeps the file in it; resolves when it is on disk.
   * @throws UploadFault · RequestAborted when the client left · AppError unavailable
   */
  async receive(ctx: Context, wish: UploadWish): Promise<StoredFile> {
    const leave = await this.#slots.enter(ctx.req);
    const body = new UploadBody(
      ctx.req,
      this.#pace,
      () => this.#slots.waiting > 0,
      this.#stallMs,
      wish.watch,
    );
    try {
      if (leave === undefined) throw new UploadFault('busy');
      return await this.#keep(ctx, body, wish);
    } catch (error) {
      if (error instanceof RequestAborted) throw error;
      if (error instanceof UploadFault) {
        const { reason } = error;
        const { path, ip } = ctx;
        this.#logger?.info({ reason, path, address: ip, bytes: body.bytes }, 'upload refused');
      }
      await this.#readOn(ctx, body, error, wish.maxBytes);
      throw error;
    } finally {
      leave?.();
    }
  }

  async #keep(ctx: Context, body: UploadBody, wish: UploadWish): Promise<StoredFile> {
    if (declared(ctx) > wish.maxBytes + extraBytes) throw new UploadFault('too large');
    const contentType = ctx.get('content-type');
    const isForm = /^\s*multipart\/form-data\b/i.test(contentType);
    if (!isForm && !wish.raw) throw new UploadFault('no form');
    const boundary = isForm ? boundaryOf(contentType) : undefined;
    if (isForm && boundary === undefined) throw new UploadFault('broken');
    const draft = await this.#files.draft();
    try {
      const filling = new Filling(draft, body, wish);
      if (boundary === undefined) await filling.raw();
      else await filling.form(new MultipartParser(boundary));
      if (draft.size === 0) throw new UploadFault('empty');
      await filling.checkType();
      wish.confirm?.();
      return await this.#files.keep(draft);
    } finally {
      await draft.drop();
    }
  }

  /** Answers reach most clients only when they have said all; what is endless is cut off. */
  async #readOn(ctx: Context, body: UploadBody, error: unknown, maxBytes: number): Promise<void> {
    const hopeless = error instanceof UploadFault && ['slow', 'busy'].includes(error.reason);
    const most = maxBytes + extraBytes;
    const whole = !hopeless && declared(ctx) <= 2 * most && (await body.discard(most));
    if (!whole) ctx.set('connection', 'close');
  }
}

/** One body on its way into one draft. */
class Filling {
  readonly #draft: FileDraft;
  readonly #body: UploadBody;
  readonly #wish: UploadWish;
  #isChecked = false;

  constructor(draft: FileDraft, body: UploadBody, wish: UploadWish) {
    this.#draft = draft;
    this.#body = body;
    this.#wish = wish;
  }

  async raw(): Promise<void> {
    for (
      let piece = await this.#body.next();
      piece !== undefined;
      piece = await this.#body.next()
    ) {
      await this.#add(piece);
    }
  }

  async form(parser: MultipartParser): Promise<void> {
    try {
      await this.#parts(parser);
    } catch (error) {
      throw error instanceof BrokenForm ? new UploadFault('broken') : error;
    }
  }

  /** @throws UploadFault type, as soon as enough has come to tell */
  async checkType(): Promise<void> {
    if (this.#isChecked || this.#wish.takes === undefined) return;
    this.#isChecked = true;
    if (!this.#wish.takes(await this.#draft.type())) throw new UploadFault('type');
  }

  async #parts(parser: MultipartParser): Promise<void> {
    const { field, others } = this.#wish;
    let found = false;
    let wanted = false;
    let strangers = false;
    for (
      let piece = await this.#body.next();
      piece !== undefined;
      piece = await this.#body.next()
    ) {
      for (const event of parser.push(piece)) {
        if (event.kind === 'begin') {
          const { name, isFile, isTyped } = event.head;
          const named = field === undefined ? isFile : name === field && (isFile || isTyped);
          wanted = named && !found;
          strangers ||= !wanted && (named || isFile);
          found ||= named;
          if (found && strangers && others === 'refuse') throw new UploadFault('several');
        } else if (event.kind === 'data' && wanted) await this.#add(event.bytes);
      }
      if (this.#body.bytes - this.#draft.size > extraBytes + piece.length) {
        throw new UploadFault('too many fields');
      }
    }
    parser.end();
    if (!found) throw new UploadFault('no file');
  }

  async #add(bytes: Buffer): Promise<void> {
    if (this.#draft.size + bytes.length > this.#wish.maxBytes) throw new UploadFault('too large');
    await this.#draft.write(bytes);
    if (this.#draft.isTelling) await this.checkType();
  }
}

/** How long the body says it is; 0: it does not. */
function declared(ctx: Context): number {
  return Number(ctx.get('content-length')) || 0;
}
