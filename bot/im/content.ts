/** What was said, whatever family said it. Addresses of files of ours are paths below the daemon's own. */
export type Content =
  | { type: 'text'; text: string }
  | {
      type: 'image' | 'voice' | 'video' | 'file';
      url: string;
      /** At WeChat, for some days. */
      mediaId?: string;
      format?: string;
      /** Seconds. */
      duration?: number;
      /** What was recognised of a voice. */
      text?: string;
    }
  | { type: 'location'; latitude: number; longitude: number; label: string; scale?: number }
  | { type: 'link'; title: string; description: string; url: string; thumbUrl?: string }
  | {
      type: 'miniProgram';
      title: string;
      appid: string;
      path: string;
      thumbUrl?: string;
      thumbMediaId?: string;
    }
  | { type: 'event'; event: string; data: Record<string, unknown> }
  /** Of a kind that came later than this version: kept and passed on. */
  | { type: 'unknown'; kind: string; data: Record<string, unknown> };
