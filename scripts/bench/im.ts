import { lineSync } from './im-line-sync.ts';
import { lineIdle, lineLogins, lineReturn } from './im-lines-crowd.ts';
import { lineGroups, linePeers, lineStored } from './im-lines-talk.ts';
import { runLines } from './lines.ts';

/**
 * `npm run bench -- im`: clients of the GoBelieve protocol against the daemon as users run it, one
 * core for it and one for them. Every acknowledged message is on disk. A figure is printed only
 * with what was checked about it; what is lost, repeated or out of order ends the run.
 */
export function benchIm(args: string[]): Promise<void> {
  return runLines(args, {
    name: 'im',
    rounds: 3,
    lines: {
      a: linePeers,
      b: lineGroups,
      c: lineIdle,
      d: lineLogins,
      e: lineStored,
      f: lineSync,
      g: lineReturn,
    },
    about: [
      'durability: WAL, one fdatasync per group commit before any ACK of it (= FULL)',
      'messages of 60 bytes; “receivers only listen”: they send no ACK and SYNC_KEY as SDKs do',
    ],
  });
}
