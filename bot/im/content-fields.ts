import type { Content } from './content.ts';

/** A JSON object as it came, of which nothing is known. */
export type Fields = Record<string, unknown>;

export type MediaType = 'image' | 'voice' | 'video' | 'file';
export type Media = Extract<Content, { type: MediaType }>;

/** The object in a JSON text; undefined where there is none. */
export function objectIn(text: string): Fields | undefined {
  // Saves most of the attempts that would throw.
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export function fieldsOf(value: unknown): Fields | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  // Checked in the line above.
  return isObject ? (value as Fields) : undefined;
}

/** The first of these that is a text, or a number as one; empty when none is. */
export function textOf(fields: Fields, ...names: string[]): string {
  return optionalText(fields, ...names) ?? '';
}

function optionalText(fields: Fields, ...names: string[]): string | undefined {
  for (const name of names) {
    const value = fields[name];
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return String(value);
  }
  return undefined;
}

function numberOf(fields: Fields, name: string): number | undefined {
  const value = fields[name];
  // Numbers of WeChat's XML are texts.
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** @param url the names that its address may have */
export function readMedia(type: MediaType, fields: Fields, ...url: string[]): Media {
  const media: Media = { type, url: textOf(fields, ...url) };
  const mediaId = optionalText(fields, 'media_id');
  const format = optionalText(fields, 'format');
  const duration = numberOf(fields, 'duration');
  const text = optionalText(fields, 'recognition');
  if (mediaId !== undefined) media.mediaId = mediaId;
  if (format !== undefined) media.format = format;
  if (duration !== undefined) media.duration = duration;
  if (text !== undefined) media.text = text;
  return media;
}

export function readLocation(fields: Fields): Content {
  const scale = numberOf(fields, 'scale');
  return {
    type: 'location',
    latitude: numberOf(fields, 'latitude') ?? 0,
    longitude: numberOf(fields, 'longitude') ?? 0,
    label: textOf(fields, 'address', 'label'),
    ...(scale !== undefined && { scale }),
  };
}

export function readLink(fields: Fields): Content {
  const thumbUrl = textOf(fields, 'image_path', 'thumb_url', 'image');
  return {
    type: 'link',
    title: textOf(fields, 'title'),
    description: textOf(fields, 'description', 'content'),
    url: textOf(fields, 'url'),
    ...(thumbUrl !== '' && { thumbUrl }),
  };
}

export function readMiniProgram(fields: Fields): Content {
  const thumbUrl = optionalText(fields, 'thumb_url');
  const thumbMediaId = optionalText(fields, 'thumb_media_id');
  return {
    type: 'miniProgram',
    title: textOf(fields, 'title'),
    appid: textOf(fields, 'appid'),
    path: textOf(fields, 'pagepath', 'path'),
    ...(thumbUrl !== undefined && { thumbUrl }),
    ...(thumbMediaId !== undefined && { thumbMediaId }),
  };
}
