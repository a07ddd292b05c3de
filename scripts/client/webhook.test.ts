import { afterEach, beforeEach, expect, it } from 'vitest';
import { createEventRig, type EventRig, sendStatus } from '../../tests/support/event-rig.ts';
import { eventually } from '../../tests/support/eventually.ts';
import { type Received, WebhookSink } from '../../tests/support/webhook-sink.ts';
import { WebhookError } from './errors.ts';
import { readWebhook } from './webhook.ts';

// What the daemon really posts.
let sink: WebhookSink;
let rig: EventRig;
beforeEach(async () => {
  sink = new WebhookSink();
  await sink.start();
  rig = await createEventRig({
    channels: [
      { chid: 'demo', key: '钥匙', callbackUrl: sink.url },
      { chid: 'json', key: '钥匙', callbackUrl: sink.url, callbackFormat: 'json' },
    ],
  });
});
afterEach(async () => {
  await rig.close();
  await sink.stop();
});

async function posted(chid = 'demo'): Promise<Received> {
  await rig.deliveries.start();
  await rig.record(sendStatus(7, 'bot01', chid));
  return eventually('the webhook', () => sink.received[0]);
}

it.each(['demo', 'json'])('of %s is read, by either signature', async (chid) => {
  const { headers, body } = await posted(chid);
  for (const scheme of ['standard', 'md5'] as const) {
    const { id, event } = await readWebhook({ headers, body }, { key: '钥匙', scheme });
    expect(event).toMatchObject({ type: 'sendStatus', msgid: 7, eventId: 1, botcode: 'bot01' });
    expect(id).toBe(headers['webhook-id']);
  }
  const bytes = Buffer.from(body);
  const given = new Headers(headers);
  await readWebhook({ headers: given, body: bytes }, { key: ['other', '钥匙'] });
});

it('with another key, other bytes, or parts of the signature is refused', async () => {
  const { headers, body } = await posted();
  const key = '钥匙';
  const refused = async (change: object, check: object = {}) => {
    const request = { headers, body, ...change };
    await expect(readWebhook(request, { key, ...check })).rejects.toThrow(WebhookError);
  };
  for (const scheme of ['standard', 'md5'] as const) {
    await refused({}, { key: 'other', scheme });
    await refused({ body: body.replace('7', '8') }, { scheme });
    await refused({ body: `${body} ` }, { scheme });
    await refused({ headers: {} }, { scheme });
  }
  const signature = headers['webhook-signature'] ?? '';
  for (const changed of [signature.slice(0, -1), signature.slice(3), 'v1,', '', ' ']) {
    await refused({ headers: { ...headers, 'webhook-signature': changed } });
  }
  await refused({ headers: { ...headers, 'webhook-id': 'other' } });
  // Nobody can send it again later.
  await refused({}, { now: () => Date.now() + 301_000 });
  await refused({}, { now: () => Date.now() - 301_000 });
  const later = String(Number(headers['webhook-timestamp']) + 300);
  await refused({ headers: { ...headers, 'webhook-timestamp': later } });
});

it('is checked by a key, never by none', async () => {
  await expect(readWebhook({ headers: {}, body: '' }, { key: [] })).rejects.toThrow(TypeError);
  await expect(readWebhook({ headers: {}, body: '' }, { key: '' })).rejects.toThrow(TypeError);
});
