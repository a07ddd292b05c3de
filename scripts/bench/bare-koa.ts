import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Router from '@koa/router';
import Koa from 'koa';
import { koaBody } from 'koa-body';

/**
 * The yardstick: Koa, @koa/router and koa-body answering the JSON of a `roomSendText`, or of a message
 * of the mini-program IM, without doing anything for it. Run as a process of its own; prints `ready <port>`.
 */
const app = new Koa();
const router = new Router();
router.post('/api/:name', koaBody(), (ctx) => {
  ctx.body = {
    resHead: {},
    resBody: { rtCode: '0', rtMsg: '成功', msgid: 1234567, sendStatus: '0' },
  };
});
router.post('/api/imbot/msg', koaBody(), (ctx) => {
  ctx.body = { result: 'success' };
});
app.use(router.routes());
const server = createServer(app.callback());
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`ready ${(server.address() as AddressInfo).port}\n`);
});
