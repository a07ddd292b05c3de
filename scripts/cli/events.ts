import { readEvents } from '../client/sse.ts';
import { failureOf } from './client.ts';
import { cliCommand, text } from './command.ts';
import type { CliContext } from './context.ts';
import { CliFailure, exitCodes, usageFailure } from './failure.ts';

export const eventCommands = [
  cliCommand({
    name: 'events tail',
    usage: '--chid CHID [--after EVENTID] [--types qrCode,botStatus,…] [--count N]',
    summary: { zh: '实时查看渠道的事件流', en: "follow a channel's event stream" },
    details: {
      zh: '断线自动续接，不丢不重；--count 收到 N 个后退出。',
      en: 'Goes on where it was after a break. --count ends after so many events.',
    },
    options: { chid: text, after: text, types: text, count: text },
    run: async (context, { chid, after, types, count }) => {
      if (chid === undefined) throw usageFailure('缺少 --chid', '--chid is missing');
      let left = count === undefined ? Number.POSITIVE_INFINITY : Number(count);
      if (!(left >= 1)) throw usageFailure('--count 须为正整数', '--count must be 1 or more');
      let last = after;
      let state: 'new' | 'open' | 'broken' = 'new';
      for (;;) {
        try {
          for await (const event of follow(context, { chid, types, after: last })) {
            state = 'open';
            last = event.id ?? last;
            if (event.type === 'close' || event.data === '') continue;
            context.print(JSON.parse(event.data), () => `${event.id ?? ''}  ${event.data}`);
            left -= 1;
            if (left === 0) return exitCodes.ok;
          }
        } catch (error) {
          // One that never began does not begin by trying.
          if (state === 'new' || !isBreak(error)) throw error;
        }
        if (state !== 'broken') {
          context.remark({
            zh: '连接中断，重新连接…',
            en: 'the stream broke off, connecting again …',
          });
        }
        state = 'broken';
        context.reconnect();
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    },
  }),
];

async function* follow(
  context: CliContext,
  query: { chid: string; types: string | undefined; after: string | undefined },
) {
  const response = await context.client().ask('GET', '/api/v1/events/stream', {
    query,
    // It never ends by itself: no deadline.
    signal: new AbortController().signal,
  });
  if (!response.ok) throw await failureOf(response);
  if (response.body === null) return;
  yield* readEvents(response.body);
}

/** The connection, not the request, is at fault. */
function isBreak(error: unknown): boolean {
  return !(error instanceof CliFailure) || error.exitCode === exitCodes.noDaemon;
}
