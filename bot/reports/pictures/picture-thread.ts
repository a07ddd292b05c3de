import { parentPort, workerData } from 'node:worker_threads';
import type { Renderer } from '@takumi-rs/core';
import { AppError } from '../../errors.ts';
import type { Sheet } from './check-spec.ts';
import type { FontFolders } from './font-files.ts';
import type { Fonts } from './fonts.ts';
import type { ThreadAnswer, ThreadRequest } from './render-thread.ts';

// Thread of render-thread.ts: whatever a picture costs, it costs here.
const { folders } = workerData as { folders: FontFolders };

interface Studio {
  renderer: Renderer;
  fonts: Fonts;
}

/** Outlines of a page of Chinese do not fit into what the renderer keeps by itself. */
const glyphCacheBytes = 32 * 1_048_576;
const imageCacheBytes = 16 * 1_048_576;

async function open(): Promise<{ studio: Studio | undefined; faults: string[] }> {
  try {
    const { Renderer, setGlyphCacheMaxBytes } = await import('@takumi-rs/core');
    const { Fonts } = await import('./fonts.ts');
    setGlyphCacheMaxBytes(glyphCacheBytes);
    const renderer = new Renderer({ cacheMaxBytes: imageCacheBytes });
    const fonts = new Fonts(renderer, folders);
    return { faults: await fonts.start(), studio: { renderer, fonts } };
  } catch (error) {
    const words = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return { studio: undefined, faults: [`pictures cannot be drawn on this machine: ${words}`] };
  }
}

const { studio, faults } = await open();
parentPort?.on('message', (request: ThreadRequest) => {
  answer(request).then(post, (error: unknown) => post(refusal(request.id, error)));
});
post({ kind: 'ready', faults });

async function answer({ id, sheet }: ThreadRequest): Promise<ThreadAnswer> {
  if (studio === undefined) {
    throw new AppError('unavailable', {
      zh: '这台机器上无法生成图片',
      en: faults[0] ?? 'pictures cannot be drawn',
    });
  }
  const { draw } = await import('./draw.ts');
  const pictures = await draw(JSON.parse(sheet) as Sheet, studio.renderer, studio.fonts);
  return { kind: 'drawn', id, pictures };
}

function refusal(id: number, error: unknown): ThreadAnswer {
  if (error instanceof AppError) {
    const { code, text, field } = error;
    return { kind: 'refused', id, code, text, field };
  }
  return { kind: 'failed', id, message: error instanceof Error ? (error.stack ?? '') : `${error}` };
}

function post(message: ThreadAnswer): void {
  parentPort?.postMessage(message);
}
