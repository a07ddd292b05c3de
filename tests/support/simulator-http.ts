import { once } from 'node:events';
import { createServer } from 'node:http';
import Koa from 'koa';
import { problems } from '../../api/middleware/problem.ts';
import { createSimulatorRouter } from '../../api/simulator/routes.ts';
import type { Simulators } from '../../bot/automation/drivers/simulator/simulator.ts';
import { createLogger } from '../../config/logger.ts';

/** Whatever some route answers; a test reads the fields of its own. */
export interface Answer {
  id: string;
  name: string;
  topic: string;
  text: string;
  state: string;
  status: number;
  detail: string;
  field?: string;
  gone?: boolean;
  file?: unknown;
  qr: { code: string };
  members: Answer[];
  rooms: Answer[];
  contacts: Answer[];
  messages: Answer[];
  faults: Answer[];
}

export interface SimulatorHttp {
  /** Address of bot01. */
  base: string;
  call(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; type: string; json: Answer }>;
  close(): Promise<void>;
}

/** The routes of the simulated WeChats on a free port. */
export async function simulatorHttp(simulators: Simulators): Promise<SimulatorHttp> {
  const app = new Koa();
  app.use(problems({ logger: createLogger('silent'), language: 'zh' }));
  app.use(createSimulatorRouter({ simulators }).routes());
  const server = createServer(app.callback()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const base = `http://127.0.0.1:${address.port}/simulator/bot01`;
  return {
    base,
    call: async (method, path, body) => {
      const response = await fetch(`${base}${path}`, {
        method,
        ...(body !== undefined && {
          body: JSON.stringify(body),
          headers: { 'content-type': 'application/json' },
        }),
      });
      const type = response.headers.get('content-type') ?? '';
      return { status: response.status, type, json: (await response.json()) as Answer };
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
