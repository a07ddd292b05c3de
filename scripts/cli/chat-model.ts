import { cliCommand } from './command.ts';
import { CliFailure, exitCodes } from './failure.ts';
import { formatAge } from './output.ts';

interface TrialView {
  ok: boolean;
  model: string | null;
  text: string;
  finish: string | null;
  firstMs: number | null;
  ms: number;
  tokens: { prompt: number; completion: number } | null;
  reason: string | null;
  status: number | null;
  why: string | null;
  detail: string | null;
  tokensToday: number;
}

export const chatModelCommands = [
  cliCommand({
    name: 'chat model-test',
    usage: '',
    summary: {
      zh: '向语言模型提一个短问题，看它是否可用',
      en: 'ask the language model one short question',
    },
    run: async (context) => {
      const trial = await context.client().post<TrialView>('/api/v1/chatbot/model/test');
      context.print(trial, () => {
        const { model, text, firstMs, ms, tokens, why, reason, detail, tokensToday } = trial;
        const used = tokens === null ? '-' : `${tokens.prompt}+${tokens.completion}`;
        return [
          `${model ?? '-'}  ${trial.ok ? 'ok' : `${reason}${trial.status === null ? '' : ` ${trial.status}`}`}`,
          ...(why === null ? [] : [why]),
          ...(detail === null || detail === '' ? [] : [`  ${detail}`]),
          ...(text === '' ? [] : [`→ ${text}`]),
          `${context.say({ zh: '首字', en: 'first word' })} ${formatAge(firstMs)}  ` +
            `${context.say({ zh: '共', en: 'in all' })} ${formatAge(ms)}  ` +
            `tokens ${used}  ${context.say({ zh: '今天', en: 'today' })} ${tokensToday}`,
        ].join('\n');
      });
      // For scripts.
      if (!trial.ok) {
        throw new CliFailure(exitCodes.failed, {
          zh: '模型没有回答',
          en: 'the model did not answer',
        });
      }
    },
  }),
];
