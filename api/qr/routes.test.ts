import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BotsRig } from '../../tests/support/bots-rig.ts';
import { loginOf, scanOf } from '../../tests/support/scripted-driver.ts';
import { createQrRouter } from './routes.ts';

let rig: BotsRig;
let server: Server;
let url: string;
beforeEach(async () => {
  rig = await BotsRig.open();
  rig.script('b', { says: [scanOf('https://login.weixin.qq.com/l/one')] });
  await rig.start('b');
  const app = new Koa();
  app.use(createQrRouter(rig).routes());
  server = createServer(app.callback());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/qr`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rig.close();
});

test('the picture of a live code is served as PNG and SVG, uncached', async () => {
  const name = rig.view('b').qr?.name;
  const png = await fetch(`${url}/${name}.png`);
  expect(png.status).toBe(200);
  expect(png.headers.get('content-type')).toBe('image/png');
  expect(png.headers.get('cache-control')).toBe('no-store');
  const bytes = Buffer.from(await png.arrayBuffer());
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  const svg = await fetch(`${url}/${name}.svg`);
  expect(svg.headers.get('content-type')).toContain('image/svg+xml');
  expect(await svg.text()).toContain('<svg');
  const head = await fetch(`${url}/${name}.png`, { method: 'HEAD' });
  expect(head.status).toBe(200);
  expect(head.headers.get('content-type')).toBe('image/png');
  expect(await head.text()).toBe('');
});

test('a superseded, used, expired or invented code is not found', async () => {
  const first = rig.view('b').qr?.name;
  rig.driver('b').say(scanOf('https://login.weixin.qq.com/l/two'));
  await rig.settle();
  const dead = await fetch(`${url}/${first}.png`);
  expect(dead.status).toBe(404);
  expect(dead.headers.get('cache-control')).toBe('no-store');
  expect(await dead.text()).toContain('not valid any more');
  const second = rig.view('b').qr?.name;
  expect((await fetch(`${url}/${second}.svg`)).status).toBe(200);
  await rig.clock.advance(120_000, async () => {});
  expect((await fetch(`${url}/${second}.svg`)).status).toBe(404);
  await rig.pass(60_000);
  const third = rig.view('b').qr?.name;
  expect((await fetch(`${url}/${third}.svg`)).status).toBe(200);
  rig.driver('b').say(loginOf({ id: 'a', name: 'A' }));
  await rig.settle();
  expect((await fetch(`${url}/${third}.svg`)).status).toBe(404);
  for (const file of [
    'x.png',
    `${third}.gif`,
    `${third}`,
    '..%2f..%2fwxrc.db',
    `${'a'.repeat(32)}.png`,
  ]) {
    expect((await fetch(`${url}/${file}`)).status, file).toBe(404);
  }
});
