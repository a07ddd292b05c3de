import type { ClientPuppetOptions } from './client-puppet.ts';
import type { PuppetLife } from './puppet-life.ts';
import type { Redact } from './redact.ts';

/** Makes an unstarted connection; secrets in the options are kept out of its texts. */
export type NewLife = (connect: ClientPuppetOptions, redact: Redact) => Promise<PuppetLife>;

/** How a bot gets to the server of its puppet, and what of it outlives a connection. */
export interface Attachment {
  /**
   * Connects and proves it.
   * @throws DriverError
   */
  open(newLife: NewLife, signal: AbortSignal): Promise<PuppetLife>;
  /** This connection is over. Never rejects. */
  left(life: PuppetLife): Promise<void>;
  /** The account was logged out: nothing of its session may stay with us. */
  forget(): Promise<void>;
}
