import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { ImbotClient } from './support/imbot-client.ts';

interface Vectors {
  queue_cases: {
    push: { from: string; to: string; msg: Record<string, unknown> }[];
    pending_count?: [string, string, number];
    pending_msgs?: [string, string, unknown[]];
    pending_count_after?: number;
    pending_count_list?: [string, unknown[]];
  }[];
}

const file = join(import.meta.dirname, 'vectors', 'seed000-imbot-behaviour.json');
const { queue_cases: cases } = JSON.parse(readFileSync(file, 'utf8')) as Vectors;

let running: TestDaemon;
let client: ImbotClient;

beforeAll(async () => {
  running = await startDaemon();
  client = new ImbotClient(() => running.url);
});
afterAll(() => running.close());

it('the queues behave as in the tests of the original', async () => {
  let checks = 0;
  for (const one of cases) {
    for (const { from, to, msg } of one.push) await client.say(from, to, msg);
    if (one.pending_count !== undefined) {
      const [from, to, count] = one.pending_count;
      expect(await client.count(from, to)).toBe(count);
      checks += 1;
    }
    if (one.pending_msgs !== undefined) {
      const [from, to, msgs] = one.pending_msgs;
      expect(await client.take(from, to)).toEqual(msgs);
      expect(await client.count(from, to)).toBe(one.pending_count_after);
      checks += 2;
    }
    if (one.pending_count_list !== undefined) {
      const [user, counts] = one.pending_count_list;
      expect(await client.counts(user)).toEqual(counts);
      checks += 1;
    }
  }
  expect(checks).toBe(4);
});
