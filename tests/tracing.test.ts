import { trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { afterEach, expect, test } from 'vitest';
import { traced } from '../api/commands/traced.ts';
import { createTracing, parseParent } from '../bot/tracing.ts';
import { CommandClient, readAnswer } from './support/command-client.ts';
import { eventually, startDaemon, type TestDaemon } from './support/daemon.ts';
import { WebhookSink } from './support/webhook-sink.ts';

let running: TestDaemon | undefined;
let sink: WebhookSink | undefined;
afterEach(async () => {
  trace.disable();
  await running?.close();
  await sink?.stop();
  running = undefined;
});

test('without an SDK there is nothing: the handler is itself', () => {
  const handler = async (): Promise<string> => '';
  expect(createTracing()).toBeUndefined();
  expect(traced(handler, createTracing())).toBe(handler);
});

test('a trace goes from the request over the send to the webhook', async () => {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  });
  trace.setGlobalTracerProvider(provider);
  sink = new WebhookSink();
  await sink.start();
  running = await startDaemon({
    channels: [{ chid: 'demo', key: 'secret', callbackUrl: sink.url }],
  });
  const { url } = running;
  const client = new CommandClient(() => url);
  for (const act of ['scan', 'confirm']) {
    const address = `${url}/simulator/bot01/${act}`;
    await eventually(async () => (await fetch(address, { method: 'POST' })).ok, act);
  }
  await eventually(async () => (await client.call('botStatus'))['state'] === 'ready');
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const parent = 'b7ad6b7169203331';
  const request = client.request('roomSendText', { roomTopic: '测试群', text: 'x' });
  request.headers = { ...request.headers, traceparent: `00-${traceId}-${parent}-01` };
  const answer = readAnswer((await client.raw(request)).text);
  const told = await eventually(
    () => sink?.received.find((one) => one.event['msgid'] === answer.msgid),
    'the event',
  );
  const spans = await eventually(() => {
    const found = exporter
      .getFinishedSpans()
      .filter((one) => one.spanContext().traceId === traceId);
    return found.length === 4 && found;
  }, 'four spans');
  const named = (name: string) => {
    const span = spans.find((one) => one.name === name);
    return { id: span?.spanContext().spanId, parent: span?.parentSpanContext?.spanId };
  };
  const [http, command, send, delivery] = [
    named('POST /api/roomSendText'),
    named('command roomSendText'),
    named('send text'),
    named('deliver sendStatus'),
  ];
  expect([http.parent, command.parent, send.parent, delivery.parent]).toEqual([
    ...[parent, http.id, command.id, send.id],
  ]);
  expect(told.headers['traceparent']).toBe(`00-${traceId}-${delivery.id}-01`);
  client.close();
});

test('what is no traceparent does not count', () => {
  for (const bad of [undefined, '', 'x', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`, '01-a-b-c']) {
    expect(parseParent(bad)).toBeUndefined();
  }
});
