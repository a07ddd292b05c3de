import { expect, it } from 'vitest';
import { startDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';
import { WebhookSink } from './support/webhook-sink.ts';

it('the very first event holds an address under which the QR code can be fetched', async () => {
  const sink = new WebhookSink();
  await sink.start();
  const running = await startDaemon({
    channels: [{ chid: 'demo', key: 'secret', callbackUrl: sink.url }],
  });
  try {
    const { event } = await eventually('the QR code', () => sink.received[0]);
    expect(event).toMatchObject({ botcode: 'bot01', type: 'qrCode', eventId: 1 });
    expect(event['qrcodeImageUrl']).toMatch(new RegExp(`^${running.url}/qr/[\\w-]{16,}\\.png$`));
    const picture = await fetch(String(event['qrcodeImageUrl']));
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png']);
  } finally {
    await running.close();
    await sink.stop();
  }
});
