import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rtCodes } from '../api/commands/rt-code.ts';
import { commandsByName, commandTable } from '../api/commands/table.ts';
import { VirtualClock } from '../bot/clock.ts';
import {
  type Answer,
  CommandClient,
  type RawRequest,
  readAnswer,
  transports,
} from './support/command-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';

interface Seed {
  channel: { chid: string; key: string };
  botcode: string;
  now: string;
  resBody: Record<string, string[]>;
  rtCode: string[];
  requests: (RawRequest & { what: string; rtCode: string })[];
}

/** Requests with signatures made by another program; fields and codes of the document. */
const seed = JSON.parse(readFileSync(join(import.meta.dirname, 'seeds/004.json'), 'utf8')) as Seed;

let daemon: TestDaemon;
let client: CommandClient;
/** The first answer to each request, by its place. */
const answers: string[] = [];

beforeAll(async () => {
  daemon = await startDaemon(
    {
      channels: [seed.channel],
      bots: [{ botcode: seed.botcode, driver: 'simulator', autoStart: false, autoScan: false }],
    },
    { clock: new VirtualClock(Date.parse(seed.now)) },
  );
  client = new CommandClient(() => daemon.url, seed.channel);
});
afterAll(async () => {
  client?.close();
  await daemon?.close();
});

describe('the examples, byte for byte', () => {
  it.each(seed.requests.map((request, index) => [request.what, request, index] as const))(
    '%s',
    async (_what, request, index) => {
      const { status, headers, text } = await client.raw(request);
      answers[index] = text;
      expect(status).toBe(200);
      expect(headers['content-type']).toMatch(/^application\/json; ?charset=utf-8$/i);
      const answer = readAnswer(text);
      expect(answer).toMatchObject({ rtCode: request.rtCode, rtMsg: expect.any(String) });
      expect(Object.keys(answer)).toEqual(expect.arrayContaining(seed.resBody[request.name] ?? []));
      const command = commandsByName.get(request.name);
      const { rtCode: _code, rtMsg: _msg, ...fields } = answer;
      expect(command?.answer.strict().safeParse(fields).error).toBeUndefined();
    },
  );

  it('answer the same bytes again, except to questions', async () => {
    for (const [index, request] of seed.requests.entries()) {
      const { text } = await client.raw(request);
      if (commandsByName.get(request.name)?.kept) expect(text).toBe(answers[index]);
      else expect(readAnswer(text).rtCode).toBe('0');
    }
  });

  it('gave messages increasing numbers', () => {
    const numbers = answers
      .map((text, index) => ({ answer: readAnswer(text), name: seed.requests[index]?.name ?? '' }))
      .filter(({ name }) => /Send/.test(name))
      .map(({ answer }) => answer.msgid ?? 0);
    expect(numbers.length).toBeGreaterThan(15);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  });

  it('are refused when one byte changed on the way', async () => {
    for (const request of seed.requests) {
      const where = request.method === 'GET' ? 'query' : 'body';
      const changed = { ...request, [where]: `${request[where] as string} ` };
      if (request.method === 'GET') changed.query = `${request.query ?? ''}&a=1`;
      expect(readAnswer((await client.raw(changed)).text).rtCode).toBe('13');
    }
  });
});

describe('the table', () => {
  it('has every command of the contract', () => {
    expect([...commandsByName.keys()].sort()).toEqual(
      [
        ...['login', 'webLogin', 'macLogin', 'logout', 'botStatus'],
        ...['roomSendText', 'roomSendApp', 'roomSendImg', 'roomSendImage', 'contactSendText'],
        ...['roomList', 'msgStatus', 'msgCancel', 'botQueue'],
      ].sort(),
    );
  });

  it('has examples that fit its schemas', () => {
    for (const command of commandTable) {
      expect(command.body.safeParse(command.example.reqBody).error).toBeUndefined();
      expect(command.answer.strict().safeParse(command.example.resBody).error).toBeUndefined();
    }
  });

  it('spells exactly the codes of the document', () => {
    expect(Object.keys(rtCodes).sort()).toEqual([...seed.rtCode].sort());
  });
});

describe('every command by every transport', () => {
  const cases = [...commandsByName].flatMap(([name, command]) =>
    transports.map((transport) => [name, transport, command] as const),
  );

  it.each(cases)('%s by %s', async (name, transport, command) => {
    const head = { txtime: '20191019120000', botcode: seed.botcode };
    // What the example asks about is a message that exists here.
    const reqBody = /^msg|^botQueue/.test(name) ? { msgid: 2 } : command.example.reqBody;
    const answer: Answer = await client.call(name, reqBody, { transport, head });
    // A message is cancelled once by each transport; done is done.
    expect([name, answer.rtMsg, answer.rtCode]).toEqual([name, '成功', '0']);
  });
});
