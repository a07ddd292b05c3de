import { parentPort } from 'node:worker_threads';
import { fillSource, WorkFault, type WorkshopJob, writeReport } from './workshop-jobs.ts';

// Thread of workshop.ts: what operators wrote runs here, where it can be ended.
parentPort?.once('message', (job: WorkshopJob) => {
  try {
    const value = job.kind === 'fill' ? fillSource(job) : writeReport(job);
    parentPort?.postMessage({ value });
  } catch (error) {
    const part = error instanceof WorkFault ? error.part : 'report';
    parentPort?.postMessage({
      fault: error instanceof Error ? error.message : String(error),
      part,
    });
  }
});
