import type { z } from 'zod';
import {
  type ReportSettings,
  type ReportTarget,
  reportFields,
} from '../../config/report-schema.ts';
import type { Language, Text } from '../errors.ts';

type Draft = Omit<z.input<typeof reportFields>, 'targets'>;

export interface Example {
  name: string;
  title: Text;
  /** In words of a language; it is off until somebody says where it goes. */
  draft: (language: Language) => Draft;
}

/** Reports that come with the product. */
export const examples: readonly Example[] = [
  {
    name: 'daily-traffic',
    title: { zh: '每日消息量', en: 'Messages of each day' },
    draft: (language) => ({
      name: 'daily-traffic',
      expr: '0 9 * * *',
      // So many that chart and table are one picture.
      source: { type: 'builtin', name: 'bots', days: 7, limit: 10 },
      output: 'both',
      ...words(language, {
        title: ['机器人消息日报 {{ yesterday }}', 'Messages of bots, {{ yesterday }}'],
        botcode: ['机器人', 'Bot'],
        sent: ['已发送', 'Sent'],
        failed: ['失败', 'Failed'],
        expired: ['过期', 'Expired'],
        rate: ['成功率', 'Rate'],
      }),
      chart: {
        ...{ type: 'bar', x: 'day', y: ['sent', 'failed', 'expired'], stacked: true },
        title: language === 'zh' ? '近 7 天，全部机器人' : 'The last 7 days, all bots',
      },
    }),
  },
  {
    name: 'unanswered-questions',
    title: { zh: '未答出的问题', en: 'Questions without an answer' },
    draft: (language) => ({
      name: 'unanswered-questions',
      expr: '0 18 * * *',
      calendar: 'weekdays',
      source: { type: 'builtin', name: 'unanswered', days: 1, limit: 15 },
      sendIf: 'count > 0',
      output: 'table',
      ...words(language, {
        title: [
          '未答出的问题：最常问的 {{ count }} 个',
          'Questions without an answer: the {{ count }} most asked',
        ],
        question: ['问题', 'Question'],
        count: ['次数', 'Asked'],
        last: ['最近一次', 'Last'],
      }),
    }),
  },
  {
    name: 'queue-health',
    title: { zh: '发送队列', en: 'Queues' },
    draft: (language) => ({
      name: 'queue-health',
      expr: '0 * * * *',
      source: { type: 'builtin', name: 'queues', limit: 15 },
      output: 'table',
      ...words(language, {
        title: ['发送队列 {{ slot | clock }}', 'Queues at {{ slot | clock }}'],
        botcode: ['机器人', 'Bot'],
        stateText: ['状态', 'State'],
        queued: ['排队', 'Queued'],
        waitMinutes: ['最长等待（分）', 'Longest wait (min)'],
        open: ['结果待定', 'Open'],
        reason: ['等待原因', 'Why'],
      }),
    }),
  },
];

const kinds: Record<string, 'number' | 'percent' | 'date' | 'text'> = {
  ...{ sent: 'number', failed: 'number', expired: 'number', count: 'number' },
  ...{ queued: 'number', waitMinutes: 'number', open: 'number' },
  ...{ rate: 'percent', last: 'date' },
};

function words(
  language: Language,
  labels: Record<string, [string, string]>,
): Pick<Draft, 'title' | 'columns'> {
  const at = language === 'zh' ? 0 : 1;
  const { title, ...columns } = labels;
  return {
    title: title?.[at],
    columns: Object.entries(columns).map(([key, label]) => ({
      key,
      label: label[at],
      kind: kinds[key] ?? 'text',
      ...(kinds[key] === 'date' && { show: 'datetime' as const }),
      ...(kinds[key] === 'percent' && { decimals: 1 }),
    })),
  };
}

/** An example as a report of its own. */
export function exampleSettings(
  example: Example,
  language: Language,
  targets: readonly ReportTarget[],
): ReportSettings {
  return reportFields.parse({ ...example.draft(language), targets });
}
