import type { Picture, PictureSpec } from './pictures/picture-spec.ts';

export type { Picture, PictureSpec } from './pictures/picture-spec.ts';

/** Whatever draws pictures of reports. */
export interface PicturePort {
  /** Pages from top to bottom. Rejects when it cannot: then the text goes. */
  render(spec: PictureSpec, signal: AbortSignal): Promise<Picture[]>;
}
