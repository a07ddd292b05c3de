import { parentPort } from 'node:worker_threads';
import { fillSource, WorkFault, type WorkshopJob, writeReport } from './workshop-jobs.ts';

// Thread of workshop.ts: what operators wrote runs here, where it can be ended.
parentPort?.once('message', (job: WorkshopJob) => {
  try {
    const value = job.kind === 'fill' ? fillSource(job) : writeReport(job);
    parentPort?.postMessage({ value });
  } catch (error) {
    // An error that is none of the report's goes the way of errors.
    if (!(error instanceof WorkFault)) throw error;
    const { kind, part, text } = error;
    parentPort?.postMessage({ fault: { kind, part, text } });
  }
});
