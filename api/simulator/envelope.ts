import type {
  SeenFile,
  SeenMessage,
  WorldRoom,
} from '../../bot/automation/drivers/simulator/simulator-types.ts';
import type { World } from '../../bot/automation/drivers/simulator/simulator-world.ts';

/** The others in the room; the account itself is always there too, unless it was thrown out. */
export interface RoomView {
  id: string;
  topic: string;
  members: { id: string; name: string }[];
  gone?: true;
}

export interface MessageView {
  id: string;
  /** Id of the one who said it. */
  from: string;
  fromName: string;
  /** Said by the bot's own account. */
  self: boolean;
  kind: string;
  text?: string;
  /** As the document of the commands spells a card. */
  card?: Record<string, string>;
  file?: SeenFile & { url: string };
  /** Ids mentioned for real. */
  mentions?: readonly string[];
  /** Epoch ms. */
  at: number;
  /** msgid, or msgid/part, of the send. */
  ref?: string;
}

export function roomView(world: World, room: WorldRoom): RoomView {
  const members = world.membersOf(room).map(({ id, name }) => ({ id, name }));
  return { id: room.id, topic: room.topic, members, ...(room.gone && { gone: true }) };
}

export function messageView(message: SeenMessage): MessageView {
  const { id, from, fromName, self, kind, text, card, file, mentions, at, ref } = message;
  return {
    id,
    from,
    fromName,
    self,
    kind,
    ...(text !== undefined && { text }),
    ...(card !== undefined && {
      card: {
        appid: card.appid,
        username: card.username,
        description: card.description,
        pagepath: card.pagePath,
        title: card.title,
        thumbnailUrl: card.thumbUrl,
        ...(card.thumbKey !== undefined && { thumbKey: card.thumbKey }),
      },
    }),
    ...(file !== undefined && { file: { ...file, url: urlOf(file) } }),
    ...(mentions !== undefined && { mentions }),
    at,
    ...(ref !== undefined && { ref }),
  };
}

/** Where we serve it, as long as it is kept: the simulated WeChat remembers no bytes. */
function urlOf({ sha256, name }: SeenFile): string {
  return `file/${sha256}${/\.\w+$/.exec(name)?.[0] ?? ''}`;
}
