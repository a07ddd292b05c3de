import type { Pacing } from '../../../config/config.ts';
import type { Logger } from '../../../config/logger.ts';
import type { Database } from '../../../store/database.ts';
import type { PacingStore } from '../../../store/pacing.ts';
import type { StepStore } from '../../../store/send-steps.ts';
import type { LaneHead, SendStore } from '../../../store/sends.ts';
import type { Clock } from '../../clock.ts';
import type { EventRecorder } from '../../events.ts';
import type { Files } from '../../files.ts';
import type { Tracing } from '../../tracing.ts';
import type { BotHandle, BotRegistry } from '../bots/bot-port.ts';
import type { Thumbs } from './cards.ts';
import type { Images } from './images.ts';
import type { Head } from './lanes.ts';
import type { Say } from './reasons.ts';
import type { EndState } from './settle.ts';

/** What sends ask of channels: the policy for outcomes nobody knows. */
export interface SendChannels {
  get(chid: string): { settings: { onUnknown: 'report' | 'resend' } } | undefined;
}

/** What every part of sending works with. */
export interface SendCore {
  /** Absent: nobody wants to see spans. */
  tracing: Tracing | undefined;
  db: Database;
  store: SendStore;
  steps: StepStore;
  pacing: PacingStore;
  bots: BotRegistry;
  channels: SendChannels;
  events: EventRecorder;
  files: Files;
  images: Images;
  thumbs: Thumbs;
  clock: Clock;
  logger: Logger;
  say: Say;
  random: () => number;
  /** How many sends ended in each state since start. */
  ended: Map<EndState, number>;
  /** Pacing of bots that say nothing of their own; simulated bots can have another. */
  defaults: PacingDefaults;
}

export interface PacingDefaults {
  pacing: Pacing;
  simulated?: Pacing;
}

/** A bot's own pacing laid over the general one. */
export function pacingOf(core: SendCore, bot: BotHandle | undefined): Pacing {
  const own = bot?.settings.pacing;
  const { defaults } = core;
  const simulated = bot?.settings.driver === 'simulator' ? defaults.simulated : undefined;
  const pacing = simulated ?? defaults.pacing;
  if (own === undefined) return pacing;
  return {
    perMinute: own.perMinute ?? pacing.perMinute,
    perRoomPerMinute: own.perRoomPerMinute ?? pacing.perRoomPerMinute,
    jitterMs: own.jitterMs ?? pacing.jitterMs,
  };
}

export function headOf(row: LaneHead, now: number): Head {
  return { msgid: row.msgid, chid: row.chid, runAt: row.run_at > now ? row.run_at : 0 };
}
