import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { startDaemonProcess, txtime } from './servers.ts';

const unpaced = { pacing: { perMinute: 0, perRoomPerMinute: 0, jitterMs: [0, 0] } };

/** From the start of the request to the moment the simulated room has seen the message. */
export async function benchDelivery(folder: string, print: (text: string) => void): Promise<void> {
  const daemon = await startDaemonProcess(join(folder, 'delivery'), { config: unpaced });
  const base = `http://127.0.0.1:${daemon.port}`;
  try {
    const made = await fetch(`${base}/simulator/bot01/rooms`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ topic: 'bench', members: ['a'] }),
    });
    const room = (await made.json()) as { id: string };
    const sentAt = new Map<string, number>();
    const count = 400;
    for (let index = 0; index < count; index += 1) {
      const text = `message ${index}`;
      sentAt.set(text, Date.now());
      const body = JSON.stringify({
        reqHead: {
          chid: 'bench',
          txcode: `d${Date.now()}${index}`,
          txtime: txtime(),
          botcode: 'bot01',
        },
        reqBody: { roomId: room.id, text },
      });
      await fetch(`${base}/api/roomSendText`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-ecaspsplus-signature': createHash('md5').update(`${body}bench-key`).digest('hex'),
        },
        body,
      });
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const seen = await messages(base, room.id, count);
    const delays = seen.map((one) => one.at - (sentAt.get(one.text) ?? 0)).sort((a, b) => a - b);
    print(`\n## accept → simulated room, no pacing, ${delays.length} of ${count} arrived`);
    print(
      `p50 ${delays[Math.floor(delays.length / 2)]} ms, p99 ${delays[Math.floor(delays.length * 0.99)]} ms (from before the request to the room)`,
    );
  } finally {
    await daemon.stop();
  }
}

async function messages(
  base: string,
  room: string,
  count: number,
): Promise<{ text: string; at: number }[]> {
  const url = `${base}/simulator/bot01/rooms/${encodeURIComponent(room)}/messages`;
  for (let tries = 0; ; tries += 1) {
    const answer = (await (await fetch(url)).json()) as {
      messages: { text: string; at: number }[];
    };
    if (answer.messages.length >= count || tries > 100) return answer.messages;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Start-up time, and what 50 logged-in idle bots cost in CPU and memory. */
export async function benchIdle(folder: string, print: (text: string) => void): Promise<void> {
  const none = await startDaemonProcess(join(folder, 'idle0'), { bots: 0 });
  const many = await startDaemonProcess(join(folder, 'idle50'), { bots: 50 });
  try {
    await new Promise((resolve) => setTimeout(resolve, 5000));
    const seconds = 20;
    const before = many.cpuSeconds();
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    const cpu = ((many.cpuSeconds() - before) / seconds) * 100;
    const perBot = (many.rssBytes() - none.rssBytes()) / 50 / 1_048_576;
    print('\n## idle, 50 logged-in simulated bots');
    print(
      `ready after ${Math.round(none.readyMs)} ms (no bot), ${Math.round(many.readyMs)} ms (50 bots)`,
    );
    print(`CPU ${cpu.toFixed(2)} % of a core, resident ${perBot.toFixed(2)} MB a bot`);
  } finally {
    await none.stop();
    await many.stop();
  }
}
