import { sniff } from './media-store.ts';
import { fileBytes, type SampleKind } from './samples.ts';
import type { Account, Fields, Said, Seen } from './types.ts';
import type { User } from './user.ts';
import type { World } from './world.ts';

/** Something a user said or did: what is pushed, and what he sees of it himself. */
export interface Push {
  id: number;
  fields: Fields;
  msgId?: string;
  /** The user waits for an answer, and is told when none comes. */
  expectsAnswer: boolean;
  own: Omit<Seen, 'seq' | 'at' | 'via'>;
}

/** @throws when not exactly one kind is said */
export function saidPush(world: World, account: Account, user: User, said: Said): Push {
  const kinds = Object.keys(said).filter((name) => Object.hasOwn(bodies, name));
  const [kind] = kinds;
  if (kinds.length !== 1 || kind === undefined) {
    throw new Error(`say exactly one of ${Object.keys(bodies).join(' ')}`);
  }
  const msgId = world.nextMsgId();
  const { mediaId, text, ...body } = bodies[kind as Kind](world, account, said);
  const fields = {
    ...head(world, account, user),
    ...(kind === 'raw' ? {} : { MsgType: kind }),
    ...body.fields,
    ...(body.fields['MsgId'] === undefined ? { MsgId: msgId } : {}),
  };
  return {
    id: world.nextId(),
    fields,
    msgId: String(fields.MsgId),
    expectsAnswer: true,
    own: {
      msgtype: String(fields['MsgType' as keyof typeof fields]),
      ...(text === undefined ? {} : { text }),
      ...(mediaId === undefined
        ? {}
        : { mediaId, mediaUrl: `${world.url}/sandbox/media/${mediaId}` }),
      data: plain(body.fields),
    },
  };
}

/** An event with its further fields, spelled as WeChat does. */
export function eventPush(world: World, account: Account, user: User, event: Fields): Push {
  const { event: name, ...more } = event;
  if (typeof name !== 'string' || name === '') throw new Error('event: its name is missing');
  const lower = name.toLowerCase();
  const list = more['List'];
  // Only JSON has the list bare and every leaf a text.
  const wrapper = subscribeWrappers[lower];
  const wrapped =
    wrapper !== undefined && list !== undefined && account.format === 'xml'
      ? { [wrapper]: { List: list } }
      : more;
  const created = head(world, account, user);
  return {
    id: world.nextId(),
    fields: {
      ...created,
      ...(wrapper !== undefined && account.format === 'json'
        ? { CreateTime: String(created['CreateTime']) }
        : {}),
      MsgType: 'event',
      Event: name,
      ...(keyed.has(lower) && more['EventKey'] === undefined ? { EventKey: '' } : {}),
      ...(lower === 'user_enter_tempsession' && more['SessionFrom'] === undefined
        ? { SessionFrom: '' }
        : {}),
      ...wrapped,
    },
    expectsAnswer: lower === 'click' || lower === 'user_enter_tempsession',
    own: { msgtype: 'event', text: name, data: plain({ Event: name, ...more }) },
  };
}

const subscribeWrappers: Record<string, string> = {
  subscribe_msg_popup_event: 'SubscribeMsgPopupEvent',
  subscribe_msg_change_event: 'SubscribeMsgChangeEvent',
  subscribe_msg_sent_event: 'SubscribeMsgSentEvent',
};
const keyed = new Set(['subscribe', 'unsubscribe', 'scan', 'click', 'view']);

interface Body {
  fields: Fields;
  text?: string;
  mediaId?: string;
}

const bodies = {
  text: (_world: World, _account: Account, said: Said): Body => {
    const text = said.text ?? '';
    return { fields: { Content: text }, text };
  },
  image: (world: World, account: Account, said: Said): Body => {
    const id = keep(world, account, 'image', said.image ?? true);
    return { fields: { PicUrl: `${world.url}/sandbox/media/${id}`, MediaId: id }, mediaId: id };
  },
  voice: (world: World, account: Account, said: Said): Body => {
    const id = keep(world, account, 'voice', said.voice ?? true);
    const format = world.media.show(id)?.extension ?? 'amr';
    const heard = said.recognition;
    const fields = { MediaId: id, Format: format };
    if (heard === undefined) return { fields, mediaId: id };
    return { fields: { ...fields, Recognition: heard }, mediaId: id, text: heard };
  },
  video: (world: World, account: Account, said: Said): Body =>
    film(world, account, said.video ?? true),
  shortvideo: (world: World, account: Account, said: Said): Body =>
    film(world, account, said.shortvideo ?? true),
  location: (_world: World, _account: Account, said: Said): Body => {
    const { latitude = 0, longitude = 0, scale = 15, label = '' } = said.location ?? {};
    return {
      fields: { Location_X: latitude, Location_Y: longitude, Scale: scale, Label: label },
      text: label,
    };
  },
  link: (_world: World, _account: Account, said: Said): Body => {
    const { title = '', description = '', url = '' } = said.link ?? {};
    return { fields: { Title: title, Description: description, Url: url }, text: title };
  },
  miniprogrampage: (world: World, account: Account, said: Said): Body => {
    const page = said.miniprogrampage;
    const id = keep(world, account, 'image', true);
    return {
      fields: {
        Title: page?.title ?? '',
        AppId: page?.appid ?? account.appid,
        PagePath: page?.pagepath ?? '',
        ThumbUrl: page?.thumbUrl ?? `${world.url}/sandbox/media/${id}`,
        ThumbMediaId: id,
      },
      text: page?.title ?? '',
    };
  },
  raw: (_world: World, _account: Account, said: Said): Body => ({ fields: said.raw ?? {} }),
};
type Kind = keyof typeof bodies;

function head(world: World, account: Account, user: User): Fields {
  return {
    ToUserName: account.originalId,
    FromUserName: user.openid,
    CreateTime: Math.floor(world.now() / 1000),
  };
}

function film(world: World, account: Account, given: Said['video']): Body {
  const id = keep(world, account, 'video', given ?? true);
  const thumb = keep(world, account, 'image', true);
  return { fields: { MediaId: id, ThumbMediaId: thumb }, mediaId: id };
}

function keep(
  world: World,
  account: Account,
  type: SampleKind,
  given: Exclude<Said['image'], undefined>,
): string {
  const bytes = fileBytes(given, type);
  const kind = sniff(bytes) ?? { mime: 'application/octet-stream', extension: 'bin' };
  const madeAt = world.now();
  return world.media.add({ appid: account.appid, type, bytes, ...kind, madeAt }).id;
}

/** For JSON: no bigints. */
function plain(fields: Fields): unknown {
  return JSON.parse(
    JSON.stringify(fields, (_name, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    ),
  );
}
