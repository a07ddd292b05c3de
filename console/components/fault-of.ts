import { Fault } from '../api.ts';
import { common } from '../words/common.ts';

/** What is said of a failure: its own words where they are for people, else only that it failed. */
export function faultOf(error: unknown): Fault {
  if (error instanceof Fault) return error;
  console.error(error);
  return new Fault(common.failed);
}
