import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseConfig } from '../config/config.ts';
import { configSchema } from '../config/schema.ts';
import { needRestart } from '../scripts/reload.ts';
import { AdminClient } from './support/admin-client.ts';
import { startDaemon } from './support/daemon.ts';
import { callTool, connectMcp } from './support/mcp.ts';

test('what each section of the config needs is in the document as it is', () => {
  const text = readFileSync(new URL('../docs/operations.md', import.meta.url), 'utf8');
  const [, live = '', later = ''] =
    /\| applied by a reload \| needs a restart \|\n\|.*\|\n\| (.*) \| (.*) \|/.exec(text) ?? [];
  const names = (cell: string): string[] =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, one = '']) => one);
  expect(names(later).sort()).toEqual([...needRestart].sort());
  const all = Object.keys(configSchema.shape).filter((one) => one !== '$schema');
  expect([...names(live), ...names(later)].sort()).toEqual(all.sort());
});

test('what assistants may do is taken from them, and given, by a reload', async () => {
  let mcp: object = { allow: { channels: ['demo'] } };
  const admins = { admin: { password: 'test-password' } };
  const running = await startDaemon({ mcp }, { reload: () => parseConfig({ ...admins, mcp }) });
  try {
    const admin = new AdminClient(() => running.url);
    await admin.login();
    const { token } = (await admin.ok('POST', '/tokens', { name: 'op', role: 'operator' })).body;
    const client = await connectMcp(running.url, token);
    const names = async () => (await client.listTools()).tools.map(({ name }) => name);
    const apply = async (next: object): Promise<void> => {
      mcp = next;
      const { body } = await admin.ok('POST', '/reload');
      expect(body.waiting).not.toContain('mcp');
    };
    expect(await names()).toContain('redrive');
    expect(await names()).not.toContain('answer_conversation');
    await apply({ allow: { conversations: true } });
    expect(await names()).not.toContain('redrive');
    expect(await names()).toContain('answer_conversation');
    await expect(callTool(client, 'redrive', { chid: 'demo', eventIds: [1] })).rejects.toThrow(
      'there is no tool redrive',
    );
    await apply({ perMinute: 1 });
    await expect(names()).rejects.toThrow();
    await apply({ enabled: false });
    const post = () =>
      fetch(`${running.url}/mcp`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: '{"jsonrpc":"2.0","id":1,"method":"ping"}',
      });
    expect((await post()).status).toBe(404);
    await apply({});
    expect((await post()).status).toBe(200);
    await client.close();
  } finally {
    await running.close();
  }
});
