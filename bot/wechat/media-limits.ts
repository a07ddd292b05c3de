import type { MediaNeed } from './custom-send.ts';

export type MediaKind = MediaNeed['kind'] | 'thumb';

export interface MediaLimit {
  bytes: number;
  /** Media types by content. */
  types: readonly string[];
  /** What WeChat says to one that is too large. */
  tooLarge: number;
}

/** What WeChat takes as temporary media. */
export const mediaLimits: Record<MediaKind, MediaLimit> = {
  image: {
    bytes: 10_485_760,
    types: ['image/png', 'image/apng', 'image/jpeg', 'image/gif'],
    tooLarge: 40009,
  },
  voice: { bytes: 2_097_152, types: ['audio/amr', 'audio/mpeg'], tooLarge: 40010 },
  video: { bytes: 10_485_760, types: ['video/mp4', 'video/x-m4v'], tooLarge: 40011 },
  thumb: { bytes: 65_536, types: ['image/jpeg'], tooLarge: 40012 },
};

/** WeChat holds them so long. */
export const mediaLifeMs = 3 * 86_400_000;

/** Why WeChat would not take it; undefined: it will. */
export function mediaFault(
  kind: MediaKind,
  file: { type: string; size: number },
): { errcode: number; errmsg: string } | undefined {
  const { bytes, types, tooLarge } = mediaLimits[kind];
  if (!types.includes(file.type)) {
    return { errcode: 40005, errmsg: `${kind} cannot be ${file.type}` };
  }
  if (file.size === 0) return { errcode: 40006, errmsg: 'an empty file' };
  if (file.size > bytes) return { errcode: tooLarge, errmsg: `larger than ${bytes} bytes` };
  return undefined;
}
