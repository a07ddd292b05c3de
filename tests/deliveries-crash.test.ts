import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from './support/eventually.ts';
import { WebhookSink } from './support/webhook-sink.ts';

let sink: WebhookSink;
let folder: string;
let child: ChildProcess | undefined;

beforeEach(async () => {
  sink = new WebhookSink();
  await sink.start();
  folder = mkdtempSync(join(tmpdir(), 'wxrc-crash-'));
});
afterEach(async () => {
  await kill();
  await sink.stop();
  rmSync(folder, { recursive: true, force: true });
});

function launch(count: number): void {
  const script = join(import.meta.dirname, 'support/deliveries-child.ts');
  child = spawn(process.execPath, [script, folder, sink.url, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}
async function kill(): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
async function quiet(): Promise<void> {
  const { stdout } = child ?? {};
  if (stdout == null) throw new Error('no child');
  await once(stdout, 'data');
}

it('what was posted and not answered when the process was killed is posted again', async () => {
  sink.reply = () => ({ hang: true });
  launch(3);
  await eventually('the requests', () => sink.received.length === 3);
  await kill();
  sink.reply = () => ({});
  launch(0);
  await quiet();
  expect(sink.ids().toSorted()).toEqual([1, 1, 2, 2, 3, 3]);
  for (const id of [1, 2, 3]) {
    const [first, again] = sink.received.filter(({ event }) => event['eventId'] === id);
    expect(again?.body).toBe(first?.body);
    expect(again?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
  }
});

it('killed in the middle of a backlog, again and again, none is lost and order holds', async () => {
  const total = 240;
  sink.reply = async () => {
    await pause(3);
    return {};
  };
  launch(total);
  for (const enough of [40, 110, 170]) {
    await eventually('progress', () => sink.received.length >= enough);
    await kill();
    launch(0);
  }
  await quiet();
  for (const bot of ['bot00', 'bot01', 'bot02']) {
    const ids = sink.ids(bot) as number[];
    // What came twice is left out by its id, as receivers do.
    const once = ids.filter((id, at) => ids.indexOf(id) === at);
    expect(once).toHaveLength(total / 3);
    expect(once).toEqual([...once].sort((a, b) => a - b));
  }
});
