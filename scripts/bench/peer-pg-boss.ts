import { PgBoss } from 'pg-boss';
import { HttpServer } from '../../api/server.ts';
import { verify } from '../../bot/signature.ts';
import { createLogger } from '../../config/logger.ts';

// pg-boss behind the same listener and signature check as ours; started by peers.ts.
const boss = new PgBoss({ connectionString: process.env['PEER_DATABASE'] ?? '', max: 16 });
await boss.start();
await boss.createQueue('sends');
let counter = 0;
const server = new HttpServer({
  host: '127.0.0.1',
  port: 0,
  app: (_request, response) => response.writeHead(404).end(),
  maxCommandBytes: 1_048_576,
  logger: createLogger('error'),
  commands: async ({ body, headers }) => {
    const given = String(headers['x-ecaspsplus-signature']);
    if (body === 'too-large' || !verify(body, 'bench-key', 'MD5', given)) return '{}';
    await boss.send('sends', JSON.parse(body.toString()) as object);
    counter += 1;
    return `{"resHead":{},"resBody":{"rtCode":"0","rtMsg":"","msgid":${counter},"sendStatus":"0"}}`;
  },
});
server.open();
process.stdout.write(`ready ${await server.start()}\n`);
