import type { Content } from '../../bot/im/content.ts';
import { contentOf } from '../../bot/im/content-of.ts';
import type { Message } from '../../bot/im/message.ts';
import { type FrameData, frameOf, frameText, textMessage } from './frame.ts';
import { isExtension, type Kind, kindCodes, kindOf } from './kinds.ts';

/** The other side of something said in customer service, as agents see it. */
export interface Peer {
  contact: string;
  name: string;
  avatar: string;
  /** It was said by the user whose inbox it lies in. */
  self: boolean;
}

export interface SpellerOptions {
  /** Who is at the other side of a message in somebody's inbox. */
  peerOf(message: Message, uid: number): Promise<Peer>;
  /** Kinds that the document does not have go out as text. */
  foldKinds: boolean;
  /** Where files of ours are. */
  publicUrl: () => string;
}

/** Spells messages as frames, for the wire. */
export class Speller {
  readonly #options: SpellerOptions;
  /** What was said to many is spelled once: they are told of it one after another. */
  #last: Message | undefined;
  #bytes: Buffer | undefined;

  constructor(options: SpellerOptions) {
    this.#options = options;
  }

  /** Undefined: something has to be looked up. */
  ready(message: Message, uid: number): Buffer | undefined {
    if (message === this.#last) return this.#bytes;
    const { kind, receiver, id, content } = message;
    if (kind !== 'official' || (receiver !== uid && receiver !== 0)) return undefined;
    const text = this.#options.foldKinds ? folded(message) : undefined;
    this.#bytes = textMessage(text ?? frameOf(id, content));
    this.#last = message;
    return this.#bytes;
  }

  async spell(message: Message, uid: number): Promise<Buffer> {
    const ready = this.ready(message, uid);
    if (ready !== undefined) return ready;
    const { contact, name, avatar, self } = await this.#options.peerOf(message, uid);
    const { foldKinds, publicUrl } = this.#options;
    const said = saidOf(contentOf(message), publicUrl);
    const { kind, msg } = foldKinds && isExtension(said.kind) ? textOf(said) : said;
    const frame: FrameData = {
      ...{ name, avatar, kind, msg, at: message.at },
      ...{ contactId: contact, companyId: '' },
      ...(self && { self: true }),
    };
    return textMessage(frameText(String(message.id), frame));
  }
}

interface Said {
  kind: Kind;
  msg: Record<string, unknown>;
}

function saidOf(content: Content, publicUrl: () => string): Said {
  switch (content.type) {
    case 'text':
      return { kind: 'text', msg: { content: content.text } };
    case 'image':
    case 'voice':
    case 'video': {
      const { url, mediaId, format, duration, text } = content;
      const path = { media_path: addressOf(url, publicUrl) };
      const more = { media_id: mediaId, duration, recognition: text };
      // How WeChat's short videos are known.
      if (format === 'shortvideo') return { kind: 'shortvideo', msg: { ...path, ...more } };
      return { kind: content.type, msg: { ...path, ...more, format } };
    }
    // The nearest there is.
    case 'file': {
      const url = addressOf(content.url, publicUrl);
      return { kind: 'link', msg: { title: content.text ?? '', description: '', url } };
    }
    case 'location': {
      const { latitude, longitude, scale = 0, label } = content;
      return { kind: 'location', msg: { latitude, longitude, scale, label } };
    }
    case 'link': {
      const { title, description, url } = content;
      return { kind: 'link', msg: { title, description, url } };
    }
    case 'miniProgram': {
      const { title, appid, path, thumbUrl = '' } = content;
      const thumb = thumbUrl === '' ? '' : addressOf(thumbUrl, publicUrl);
      const msg = { title, appid, pagepath: path, thumb_url: thumb };
      return { kind: 'miniprogrampage', msg };
    }
    case 'event':
      return { kind: 'event', msg: { ...content.data, event: content.event } };
    case 'unknown': {
      const { text } = content.data;
      const words = typeof text === 'string' ? text : JSON.stringify(content.data);
      return { kind: 'text', msg: { content: words, kind: content.kind } };
    }
  }
}

/** Files of ours are paths below the daemon's address. */
function addressOf(url: string, publicUrl: () => string): string {
  if (url === '' || /^[a-z][\w+.-]*:/i.test(url)) return url;
  return `${publicUrl().replace(/\/$/, '')}/${url.replace(/^\//, '')}`;
}

/** For clients that know the document's kinds only; undefined where it has one of them. */
function folded({ id, content }: Message): string | undefined {
  // Written by us.
  const { data, result } = JSON.parse(content.toString('utf8')) as {
    data: { msg_type: string; msg: Record<string, unknown> };
    result: { message: string };
  };
  const kind = kindOf(data.msg_type);
  if (kind === undefined || !isExtension(kind)) return undefined;
  const said = textOf({ kind, msg: data.msg });
  return JSON.stringify({
    data: { id: String(id), ...data, msg_type: said.kind, msg: said.msg },
    result: { ...result, code: kindCodes[said.kind] },
  });
}

/** What can be read of it as text; a short video is a video. */
function textOf({ kind, msg }: Said): Said {
  if (kind === 'shortvideo') return { kind: 'video', msg };
  const words = (...names: string[]): string =>
    names
      .map((name) => msg[name])
      .filter((value) => value !== undefined && value !== '' && typeof value !== 'object')
      .join(' ');
  const texts: Partial<Record<Kind, string>> = {
    location: `${words('label')} (${words('latitude')}, ${words('longitude')})`.trim(),
    link: words('title', 'description', 'url'),
    miniprogrampage: words('title', 'pagepath'),
    event: words('event', 'EventKey'),
  };
  return { kind: 'text', msg: { content: texts[kind] ?? '' } };
}
