/** Kinds of files that clients show. */
export type MediaKind = 'image' | 'audio' | 'video';

/**
 * Which types are of a kind. Those in the list and no others are shown by browsers when we serve
 * them: nothing in them runs. Vector pictures and pages never are.
 */
const types: Record<MediaKind, ReadonlySet<string>> = {
  image: new Set([
    'image/jpeg',
    'image/png',
    'image/apng',
    'image/gif',
    'image/webp',
    'image/bmp',
    'image/avif',
    'image/heic',
    'image/heif',
  ]),
  audio: new Set([
    'audio/mpeg',
    'audio/mp4',
    'audio/x-m4a',
    'audio/aac',
    'audio/amr',
    'audio/silk',
    'audio/wav',
    'audio/flac',
    'audio/ogg',
    'audio/ogg; codecs=opus',
  ]),
  video: new Set([
    'video/mp4',
    'video/x-m4v',
    'video/quicktime',
    'video/3gpp',
    'video/3gpp2',
    'video/webm',
    'video/matroska',
    'video/ogg',
    'video/mpeg',
    'video/MP2P',
    'video/mp2t',
    'video/vnd.avi',
    'video/x-flv',
  ]),
};

/** Recorders put sound into containers that could hold pictures too. */
const soundContainers = new Set([
  'video/mp4',
  'video/3gpp',
  'video/3gpp2',
  'video/quicktime',
  'video/webm',
  'video/ogg',
  'application/ogg',
]);

/** Whether a file of this type, as its content tells it, may go where this kind is asked for. */
export function isOfKind(kind: MediaKind, type: string): boolean {
  return types[kind].has(type) || (kind === 'audio' && soundContainers.has(type));
}

/** Whether browsers may show it in place. */
export function isShown(type: string): boolean {
  return Object.values(types).some((kind) => kind.has(type));
}
