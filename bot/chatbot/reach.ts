import type { ChatbotSettings } from '../../config/chatbot-schema.ts';

/** What answers somebody who speaks to a bot: everything, the rules that operators wrote, nothing. */
export type Reach = 'all' | 'rules' | 'none';

export interface Place {
  botcode: string;
  /** The bot lives in the simulated WeChat. */
  simulated: boolean;
  /** What somebody said of the room. */
  switched: boolean | undefined;
}

type Settings = Pick<ChatbotSettings, 'enabled' | 'bots' | 'rooms' | 'private'>;

/**
 * Behind a real bot there is a person's account: its friends and colleagues are answered only where
 * somebody has said so. Rules answer on every bot, since each of them was written for that.
 */
export function reachInRoom(settings: Settings, place: Place): Reach {
  if (!settings.enabled || place.switched === false) return 'none';
  if (place.switched === true) return 'all';
  if (!settings.rooms.enabled) return 'none';
  return speaks(settings, place) ? 'all' : 'rules';
}

export function reachInPrivate(settings: Settings, place: Omit<Place, 'switched'>): Reach {
  if (!settings.enabled) return 'none';
  return settings.private.enabled && speaks(settings, place) ? 'all' : 'rules';
}

function speaks({ bots }: Settings, { botcode, simulated }: Omit<Place, 'switched'>): boolean {
  if (bots === undefined) return simulated;
  return bots === '*' || bots.includes(botcode);
}
