import type { Content } from './content.ts';
import {
  type Fields,
  fieldsOf,
  type Media,
  objectIn,
  readLink,
  readLocation,
  readMedia,
  readMiniProgram,
  textOf,
} from './content-fields.ts';
import { fromGobelieve } from './content-gobelieve.ts';
import type { Message } from './message.ts';

/** What a message says, whatever family it was said in. Never throws. */
export function contentOf({ kind, content }: Pick<Message, 'kind' | 'content'>): Content {
  switch (kind) {
    case 'peer':
    case 'group':
    case 'customer':
    case 'toDesk':
    case 'fromDesk':
      return fromGobelieve(content);
    case 'imbot':
      return ofImbot(content.toString('utf8'));
    case 'official':
      return ofOfficial(content.toString('utf8'));
    case 'notice':
    case 'system': {
      const text = content.toString('utf8');
      return { type: 'unknown', kind, data: objectIn(text) ?? { text } };
    }
  }
}

/** The `msg` of the mini-program IM. */
function ofImbot(text: string): Content {
  const msg = objectIn(text);
  if (msg === undefined) return { type: 'text', text };
  const type = textOf(msg, 'type') || 'text';
  switch (type) {
    // @NOTE the tests of the original write `text` where its document has `reply`.
    case 'text':
      return { type: 'text', text: textOf(msg, 'reply', 'text') };
    // @NOTE in the document's template message `reply` is the address of an image.
    case 'image':
    case 'video':
    case 'file':
      return fileOrText(readMedia(type, msg, 'url', 'reply'));
    case 'audio':
    case 'voice':
      return fileOrText(readMedia('voice', msg, 'url', 'reply'));
    case 'location':
      return readLocation(msg);
    case 'link':
      return readLink(msg);
    default:
      return { type: 'unknown', kind: type, data: msg };
  }
}

/** What is no address of a file is shown as what it is: clients open what they are told is a picture. */
function fileOrText(media: Media): Content {
  const { url } = media;
  const isOurs = /^\/?(?:[\w-]+\/){1,3}[\w-]+\.\w{1,8}$/.test(url);
  if (url === '' || isOurs || isWebAddress(url)) return media;
  return { type: 'text', text: url };
}

function isWebAddress(url: string): boolean {
  return /^https?:\/\//i.test(url) && URL.canParse(url);
}

/** A frame of the official-account component, as it is stored. */
function ofOfficial(text: string): Content {
  const data = fieldsOf(objectIn(text)?.['data']);
  if (data === undefined) return { type: 'text', text };
  const kind = textOf(data, 'msg_type');
  const msg: Fields = fieldsOf(data['msg']) ?? {};
  switch (kind) {
    case 'text':
      return { type: 'text', text: textOf(msg, 'content') };
    case 'image':
    case 'voice':
    case 'video':
    case 'file':
      return readMedia(kind, msg, 'media_path');
    case 'shortvideo':
      return readMedia('video', msg, 'media_path');
    case 'location':
      return readLocation(msg);
    case 'link':
      return readLink(msg);
    case 'miniprogrampage':
      return readMiniProgram(msg);
    case 'event':
      return { type: 'event', event: textOf(msg, 'event'), data: msg };
    default:
      return { type: 'unknown', kind, data: msg };
  }
}
