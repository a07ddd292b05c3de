import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createApi } from './api.ts';
import { createControlRoutes } from './control-routes.ts';
import { Controls } from './controls.ts';
import { Pusher } from './pusher.ts';
import { createSandboxServer } from './server.ts';
import type { SandboxOptions } from './types.ts';
import { World } from './world.ts';

export type * from './types.ts';
export { defaultAccount } from './world.ts';

/** A running sandbox: `url` is what `apiBase` of the daemon must be. */
export interface Sandbox extends Controls {
  readonly url: string;
  readonly port: number;
  /** Breaks off everything under way. */
  close(): Promise<void>;
}

/** A real HTTP server that behaves like WeChat's platform, with people to play. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const world = new World(options);
  const pusher = new Pusher(world);
  const controls = new Controls(world, pusher);
  const ending = new AbortController();
  const api = createApi(({ account, user, templateId, msgId }) => {
    const list = { TemplateId: templateId, MsgID: String(msgId), ErrorCode: '0' };
    controls
      .event(
        user.openid,
        { event: 'subscribe_msg_sent_event', List: [{ ...list, ErrorStatus: 'success' }] },
        { appid: account.appid },
      )
      .catch(() => {});
  });
  const server = createSandboxServer(
    world,
    api,
    createControlRoutes(world, controls),
    ending.signal,
  );
  const host = options.host ?? '127.0.0.1';
  server.listen(options.port ?? 0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const name = host.includes(':') ? `[${host}]` : host;
  world.url = `http://${name === '0.0.0.0' ? '127.0.0.1' : name}:${port}`;
  return Object.assign(controls, {
    url: world.url,
    port,
    close: async (): Promise<void> => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      ending.abort();
      server.close();
      await pusher.close();
      server.closeAllConnections();
      await closed;
    },
  });
}
