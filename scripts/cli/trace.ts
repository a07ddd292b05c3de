import { visibleLine } from '../../config/visible.ts';
import { cliCommand, text } from './command.ts';
import { usageFailure } from './failure.ts';
import { table } from './output.ts';
import type { SendView } from './sends.ts';

interface Trace {
  commands: { chid: string; txcode: string; day: string; at: number; answer: string }[];
  sends: {
    send: SendView & { chid: string; txcode: string };
    steps: { at: number; step: string; detail: string | null }[];
  }[];
}

export const traceCommands = [
  cliCommand({
    name: 'trace',
    usage: 'MSGID | --txcode TXCODE [--chid CHID]',
    summary: {
      zh: '一条消息的每一步及其时间',
      en: 'every step of one message, with its time',
    },
    words: [0, 1],
    options: { txcode: text, chid: text },
    run: async (context, { txcode, chid }, [msgid]) => {
      if ((msgid === undefined) === (txcode === undefined)) {
        throw usageFailure('请指定 MSGID 或 --txcode', 'give a MSGID or --txcode');
      }
      const found = await context.client().get<Trace>('/api/v1/trace', { msgid, txcode, chid });
      context.print(found, () => {
        const requests = found.commands.map((one) =>
          visibleLine(`${context.time(one.at)}  ${one.chid} ${one.txcode}  ${one.answer}`),
        );
        const sends = found.sends.map(({ send, steps }) => {
          const head = `msgid ${send.msgid}  ${send.botcode}  ${send.chid} ${send.txcode}  ${context.word('send', send.state)}`;
          const first = steps[0]?.at ?? 0;
          const rows = steps.map((one) => [
            context.time(one.at),
            `+${one.at - first} ms`,
            context.word('step', one.step),
            one.detail,
          ]);
          return `${visibleLine(head)}\n${table(context.heads(['TIME', '', 'STEP', 'DETAIL']), rows)}`;
        });
        return [...requests, ...sends].join('\n\n');
      });
    },
  }),
];
