import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { eventually, startDaemon } from './support/daemon.ts';

const script = new URL('../scripts/wxrc.ts', import.meta.url).pathname;

test('events tail goes on over a restart of the daemon, without loss or repetition', async () => {
  const running = await startDaemon();
  const simulate = (act: string) =>
    eventually(
      async () => (await fetch(`${running.url}/simulator/bot01/${act}`, { method: 'POST' })).ok,
      act,
    );
  const child = spawn(
    process.execPath,
    [script, 'events', 'tail', '--chid', 'demo', '--types', 'botStatus', '--after', '0', '--json'],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, WXRC_DATA: running.dataDir },
    },
  );
  try {
    const seen: { eventId: number; botStatus: string }[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => seen.push(JSON.parse(line)));
    let remarks = '';
    child.stderr.on('data', (chunk: Buffer) => {
      remarks += chunk.toString('utf8');
    });
    await simulate('scan');
    await simulate('confirm');
    await eventually(() => seen.length === 1, 'the login');
    const before = running.url;
    await running.restart();
    expect(running.url).not.toBe(before);
    await eventually(async () => {
      const bot = running.daemon.core.bots.get('bot01');
      return bot?.view().state === 'ready';
    }, 'ready again');
    await simulate('kick');
    await eventually(() => seen.at(-1)?.botStatus === 'logout', 'the logout');
    const stored = await running.daemon.core.events.read('demo', {
      after: 0,
      limit: 100,
      types: ['botStatus'],
    });
    expect(seen.map((one) => one.eventId)).toEqual(stored.map((one) => one.eventId));
    expect(remarks.trim().split('\n')).toHaveLength(1);
  } finally {
    child.kill();
    await running.close();
  }
});
