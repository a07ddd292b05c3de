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
} from './content-fields.ts';

/** Longest content of a customer message: it has to fit into one frame. */
export const mostBytes = 32_731;

/**
 * As GoBelieve's clients read it: a JSON object with one key for the kind. What they have no kind
 * for they show as its text; a key beside that holds it as it is. What would not fit into a frame is
 * cut: `fits` tells.
 * @param base our own address: theirs have to be whole where ours are paths below it
 */
export function toGobelieve(content: Content, base = ''): Buffer {
  const whole = encode(spell(content, base));
  if (whole.length <= mostBytes) return whole;
  const text = 'text' in content ? (content.text ?? '') : '';
  return encode({ text: content.type === 'text' ? cut(text) : `[${content.type}]` });
}

/** Whether clients of GoBelieve can be given all of it. */
export function fits(content: Content, base = ''): boolean {
  return encode(spell(content, base)).length <= mostBytes;
}

/** What a client of GoBelieve said. Never throws; what is no JSON object is a text. */
export function fromGobelieve(bytes: Buffer): Content {
  const text = bytes.toString('utf8');
  const said = objectIn(text);
  if (said === undefined) return { type: 'text', text };
  for (const [key, read] of readers) {
    const content = key in said ? read(said[key]) : undefined;
    if (content !== undefined) return content;
  }
  const kind = Object.keys(said).find((key) => !besides.has(key)) ?? '';
  return { type: 'unknown', kind, data: said };
}

/** Escapes may make six bytes of a character. */
const mostCut = 5000;

function cut(text: string): string {
  // Not between the halves of a character.
  return `${text.slice(0, mostCut).replace(/[\ud800-\udbff]$/, '')}…`;
}

function encode(fields: Fields): Buffer {
  return Buffer.from(JSON.stringify(fields), 'utf8');
}

/** What stands beside the kind. */
const besides = new Set(['uuid', 'reference', 'at', 'at_name', 'at_all', 'name', 'app_name']);

/** The first key that is there counts: what clients cannot show comes before its text. */
const readers: readonly [string, Reader][] = [
  ['mini_program', whereObject(readMiniProgram)],
  ['event', whereObject(readEvent)],
  ['unknown', whereObject(readUnknown)],
  ['text', (value) => (typeof value === 'string' ? { type: 'text', text: value } : undefined)],
  ['image2', whereObject((value) => readMedia('image', value, 'path', 'url'))],
  ['image', (value) => (typeof value === 'string' ? { type: 'image', url: value } : undefined)],
  ['audio', whereObject((value) => readMedia('voice', value, 'path', 'url'))],
  ['video', whereObject((value) => readMedia('video', value, 'path', 'url'))],
  ['file', whereObject((value) => readMedia('file', value, 'path', 'url'))],
  ['location', whereObject(readLocation)],
  ['link', whereObject(readLink)],
];

function spell(content: Content, base: string): Fields {
  switch (content.type) {
    case 'text':
      return { text: content.text };
    case 'image':
    case 'voice':
    case 'video':
    case 'file':
      return spellMedia(content, base);
    case 'location': {
      const { latitude, longitude, label, scale } = content;
      return { location: { latitude, longitude, address: label, scale } };
    }
    case 'link': {
      const { title, description, url, thumbUrl = '' } = content;
      const image = wholeOf(thumbUrl, base);
      const image_path = image === thumbUrl ? undefined : thumbUrl;
      return { link: { title, content: description, url, image, image_path } };
    }
    case 'miniProgram': {
      const { title, appid, path: pagepath, thumbUrl, thumbMediaId } = content;
      const card = { title, appid, pagepath, thumb_url: thumbUrl, thumb_media_id: thumbMediaId };
      return { text: `[小程序] ${title}`.trim(), mini_program: card };
    }
    case 'event':
      return { text: `[${content.event}]`, event: { event: content.event, data: content.data } };
    case 'unknown':
      return { text: `[${content.kind}]`, unknown: { kind: content.kind, data: content.data } };
  }
}

function spellMedia(content: Media, base: string): Fields {
  const { type, url, mediaId, format, duration, text } = content;
  const whole = wholeOf(url, base);
  const fields: Fields = {
    url: whole,
    path: whole === url ? undefined : url,
    media_id: mediaId,
    format,
    duration,
    recognition: text,
  };
  switch (type) {
    case 'image':
      // Clients before 2019 know the first one only, later ones ask for the measures.
      return { image: fields['url'], image2: { ...fields, width: 0, height: 0 } };
    case 'voice':
      return { audio: fields };
    case 'video':
      return { video: { ...fields, thumbnail: '', width: 0, height: 0 } };
    case 'file':
      return { file: { ...fields, filename: url.slice(url.lastIndexOf('/') + 1), size: 0 } };
  }
}

/** The address of a file of ours with the daemon's own before it; others as they are. */
function wholeOf(url: string, base: string): string {
  if (base === '' || url === '' || /^[a-z][\w+.-]*:/i.test(url)) return url;
  return `${base.replace(/\/$/, '')}/${url.replace(/^\//, '')}`;
}

type Reader = (value: unknown) => Content | undefined;

function whereObject(read: (fields: Fields) => Content | undefined): Reader {
  return (value) => {
    const fields = fieldsOf(value);
    return fields === undefined ? undefined : read(fields);
  };
}

function readEvent(fields: Fields): Content | undefined {
  const { event } = fields;
  if (typeof event !== 'string') return undefined;
  return { type: 'event', event, data: fieldsOf(fields['data']) ?? {} };
}

function readUnknown(fields: Fields): Content | undefined {
  const { kind } = fields;
  if (typeof kind !== 'string') return undefined;
  return { type: 'unknown', kind, data: fieldsOf(fields['data']) ?? {} };
}
