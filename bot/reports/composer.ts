import type { Logger } from '../../config/logger.ts';
import type { ReportSettings } from '../../config/report-schema.ts';
import type { Clock } from '../clock.ts';
import { AppError, type Language } from '../errors.ts';
import type { Picture, PicturePort } from './picture-port.ts';
import { pictureSpecOf } from './picture-spec-of.ts';
import { noPicture, ReportFault } from './report-fault.ts';
import type { Occasion } from './scope.ts';
import type { Sources } from './sources.ts';
import { workshop } from './workshop.ts';
import type { Written } from './workshop-jobs.ts';

export interface ComposerOptions {
  sources: Sources;
  pictures: PicturePort;
  clock: Clock;
  logger: Logger;
  language: Language;
}

/** A report, made and not sent. */
export interface Composed {
  written: Written;
  pictures: Picture[];
  /** Why the text goes instead of pictures. */
  pictureFault: string | undefined;
}

export type Composition = Pick<
  ReportSettings,
  'source' | 'sendIf' | 'title' | 'text' | 'footer' | 'columns' | 'output' | 'chart' | 'theme'
>;

/** Makes reports: source, condition, words, pictures. */
export class Composer {
  readonly #options: ComposerOptions;

  constructor(options: ComposerOptions) {
    this.#options = options;
  }

  /** The rows of a source and the words for them. @throws ReportFault */
  async write(report: Composition, occasion: Occasion, signal: AbortSignal): Promise<Written> {
    const { language, sources } = this.#options;
    const { sendIf, title, text, footer, columns, output } = report;
    const chart = output === 'chart' || output === 'both' ? report.chart : undefined;
    const source = await workshop.fill({ occasion, language, source: report.source }, signal);
    const raw = await sources.read(source, occasion, signal);
    const words = { sendIf, title, text, footer, columns, chart };
    return await workshop.write({ occasion, language, raw, ...words }, signal);
  }

  /** @throws ReportFault */
  async compose(report: Composition, occasion: Occasion, signal: AbortSignal): Promise<Composed> {
    const written = await this.write(report, occasion, signal);
    const nothing: Composed = { written, pictures: [], pictureFault: undefined };
    if (!written.send) return nothing;
    const spec = pictureSpecOf(report, written, occasion, this.#options.language);
    if (spec === undefined) return nothing;
    try {
      const pictures = await abortable(this.#options.pictures.render(spec, signal), signal);
      return { ...nothing, pictures };
    } catch (error) {
      if (signal.aborted) throw new ReportFault('timeout');
      // Words that arrive are better than a picture that does not.
      this.#options.logger.warn({ err: error, report: occasion.name }, 'no picture: the text goes');
      // Anything else may hold what is nobody's business: the log has it.
      const { zh, en } = error instanceof AppError ? error.text : noPicture;
      const text = this.#options.language === 'zh' ? zh : en;
      return { ...nothing, pictureFault: text.slice(0, 500) };
    }
  }
}

function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new ReportFault('timeout'));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
