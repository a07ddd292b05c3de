export type PushResult = 'accepted' | 'repeated' | 'refused' | 'failed';
export type CloseCause = 'client' | 'slow' | 'silent' | 'fault' | 'kicked' | 'stopping';

/** What is counted of this family since the start. */
export class OfficialMeter {
  readonly pushes: Record<PushResult, number> = { accepted: 0, repeated: 0, refused: 0, failed: 0 };
  readonly closed: Record<CloseCause, number> = {
    ...{ client: 0, slow: 0, silent: 0, fault: 0, kicked: 0, stopping: 0 },
  };
  /** Stored frames written to sockets. */
  frames = 0;

  pushed(result: PushResult): void {
    this.pushes[result] += 1;
  }
}
