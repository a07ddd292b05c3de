import { Worker } from 'node:worker_threads';
import type { ReportSource } from '../../config/report-schema.ts';
import { ReportFault } from './report-fault.ts';
import {
  type FillJob,
  type WorkFault,
  type WorkshopJob,
  type WriteJob,
  type Written,
  writeReport,
} from './workshop-jobs.ts';

type WorkshopAnswer = { value: unknown } | { fault: Pick<WorkFault, 'kind' | 'part' | 'text'> };

const program = new URL('./workshop-thread.ts', import.meta.url);
/** Of one thread; a template or file that needs more is at fault. */
const heapMb = 256;
const longestMs = 15_000;

/**
 * Where templates are filled in and files are read: a thread for each job, so that nothing an operator
 * wrote can hold up the daemon or leave something behind.
 */
export const workshop = {
  /** @throws ReportFault */
  async fill(job: Omit<FillJob, 'kind'>, signal: AbortSignal): Promise<ReportSource> {
    if (!hasTemplates(job.source)) return job.source;
    return (await work({ kind: 'fill', ...job }, signal)) as ReportSource;
  },

  /** @throws ReportFault */
  async write(job: Omit<WriteJob, 'kind'>, signal: AbortSignal): Promise<Written> {
    // Words without a template, of no rows: there is nothing that could take long.
    if (isPlain(job)) return writeReport({ kind: 'write', ...job });
    return (await work({ kind: 'write', ...job }, signal)) as Written;
  },
};

function isPlain({ raw, sendIf, title, text, footer }: Omit<WriteJob, 'kind'>): boolean {
  if (!('rows' in raw) || raw.rows.length > 0 || sendIf !== undefined) return false;
  return ![title, text, footer].some((one) => one?.includes('{') === true);
}

/** A thread costs some 50 ms: most sources need none. */
function hasTemplates(source: ReportSource): boolean {
  return /\{[{%]/.test(JSON.stringify(source));
}

function work(job: WorkshopJob, signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(program, { resourceLimits: { maxOldGenerationSizeMb: heapMb } });
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      settle();
      void thread.terminate();
    };
    const abort = (): void => end(() => reject(new ReportFault('timeout')));
    const timer = setTimeout(abort, longestMs);
    if (signal.aborted) {
      abort();
      return;
    }
    signal.addEventListener('abort', abort, { once: true });
    thread.once('message', (answer: WorkshopAnswer) =>
      end(() => {
        if ('value' in answer) {
          resolve(answer.value);
          return;
        }
        const { kind, part, text } = answer.fault;
        reject(new ReportFault(kind, part, text));
      }),
    );
    thread.once('error', (error: Error) =>
      end(() => {
        const memory = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
        // Anything else is nobody's business: the log has it.
        reject(memory ? new ReportFault('memory', String(heapMb)) : error);
      }),
    );
    thread.postMessage(job);
  });
}
