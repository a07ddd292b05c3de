import type { AlarmLane } from '../../../config/alarm-schema.ts';
import type { Language } from '../../errors.ts';
import { EmailLane } from './email-lane.ts';
import type { Lane } from './lane.ts';
import { RoomLane, type RoomLaneOptions } from './room-lane.ts';
import { WebhookLane } from './webhook-lane.ts';

export type LaneTools = Omit<RoomLaneOptions, 'settings' | 'language'> & { language: Language };

/** The lanes of the config, in its order. */
export function createLanes(lanes: readonly AlarmLane[], tools: LaneTools): Lane[] {
  return lanes.map((settings) => createLane(settings, tools));
}

function createLane(settings: AlarmLane, tools: LaneTools): Lane {
  const language = settings.language ?? tools.language;
  switch (settings.kind) {
    case 'room':
      return new RoomLane({ ...tools, settings, language });
    case 'webhook':
      return new WebhookLane({ settings, clock: tools.clock, language });
    case 'email':
      return new EmailLane({ settings, language });
  }
}
