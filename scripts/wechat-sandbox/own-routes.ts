import type { Answer } from './answers.ts';
import type { Controls } from './controls.ts';
import type { OwnRoutes } from './server.ts';
import type { World } from './world.ts';

/** The routes under /sandbox. */
export function createOwnRoutes(world: World, _controls: Controls): OwnRoutes {
  return async ({ url }): Promise<Answer | undefined> => {
    const media = /^\/sandbox\/media\/([\w-]+)$/.exec(url.pathname)?.[1];
    const file = media === undefined ? undefined : world.media.show(media);
    if (file !== undefined) return { type: file.mime, body: file.bytes };
    if (url.pathname.startsWith('/sandbox')) return { status: 404, body: '{}' };
    return undefined;
  };
}
