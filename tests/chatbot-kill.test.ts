import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { answerOf, bgpQuestion, get, post } from './support/chatbot-client.ts';
import { eventually } from './support/eventually.ts';

/** The daemon in a process of its own, which can be killed. */
async function start(dataDir: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, ['scripts/start.ts', '--port', '0', '--data', dataDir], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  const ready = (): string | undefined => /^wxrc ready (\S+)$/m.exec(out)?.[1];
  const url = await eventually('a daemon that is ready', ready, 30_000);
  return { child, url };
}

async function end(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null) throw new Error(`it ended by itself: ${child.exitCode}`);
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

test('killed again and again: every acknowledged question is there, once, with an end', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'wxrc-kill-'));
  const acknowledged = new Map<string, string>();
  const timestamp = '2026/11/22 10:00:00';
  try {
    for (let life = 0; life < 3; life += 1) {
      const { child, url } = await start(dataDir);
      // With the knowledge base loaded some are answered, others not.
      const sessionId = `first ${life}`;
      await post(url, '/send', { sessionId, content: bgpQuestion, timestamp });
      await answerOf(url, sessionId, timestamp, 30_000);
      let killed = false;
      const asking = Array.from({ length: 40 }, async (_, at) => {
        for (let turn = 0; !killed && turn < 20; turn += 1) {
          const sessionId = `life-${life}-${at}-${turn}`;
          const body = { sessionId, content: bgpQuestion, timestamp };
          const sent = await post(url, '/send', body).catch(() => undefined);
          if (sent?.code === 200) acknowledged.set(sessionId, sent.data.messageId ?? '');
        }
      });
      const enough = (life + 1) * 30;
      await eventually('questions', () => acknowledged.size >= enough, 30_000);
      killed = true;
      await end(child, 'SIGKILL');
      await Promise.all(asking);
    }
    const { child, url } = await start(dataDir);
    expect(acknowledged.size).toBeGreaterThanOrEqual(90);
    let whole = 0;
    const check = async ([sessionId, messageId]: [string, string]): Promise<void> => {
      const reply = await get(url, '/receive', { sessionId, timestamp });
      expect([sessionId, reply.code]).toEqual([sessionId, 200]);
      const { content = '' } = reply.data;
      expect(content).toMatch(/display bgp peer|请再问一次/);
      if (content.includes('display bgp')) whole += 1;
      // The client that asks once more, as it may have missed the answer, asks the same.
      const again = await post(url, '/send', { sessionId, content: bgpQuestion, timestamp });
      expect(again.data.messageId).toBe(messageId);
    };
    await Promise.all([...acknowledged].map(check));
    expect(whole).toBeGreaterThan(0);
    await end(child, 'SIGTERM');
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}, 120_000);
