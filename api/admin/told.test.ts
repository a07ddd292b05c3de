import { expect, it } from 'vitest';
import { z } from 'zod';
import { sourceSchema } from '../../config/report-source-schema.ts';
import { sentence } from '../sentence.ts';
import { adminOperations } from './operations.ts';
import { page } from './paging.ts';
import { scheduleView, trialView } from './report-views.ts';
import { toldIn } from './told.ts';

const operation = (id: string): z.ZodType =>
  adminOperations.find((one) => one.id === id)?.answer ?? z.never();

it('tells sentences where the view has them, and nothing else', () => {
  const view = z.object({
    name: z.string(),
    reason: sentence.nullable().describe('Why.'),
    warnings: z.array(sentence.describe('One.')),
    settings: z.record(z.string(), z.unknown()),
  });
  const item = {
    name: 'offline',
    reason: 'there is no such bot',
    warnings: ['paused by an operator', 'something else'],
    settings: { reason: 'failed', error: ['offline'], source: { body: { detail: 'offline' } } },
  };
  const answer = { items: [item], next: null };
  const warnings = ['操作员暂停', 'something else'];
  expect(toldIn('zh', page(view), answer)).toEqual({
    ...{ items: [{ ...item, reason: '机器人不存在', warnings }], next: null },
  });
  expect(toldIn('en', page(view), answer)).toBe(answer);
  expect(toldIn('zh', z.unknown(), answer)).toBe(answer);
});

it('leaves what an operator or a source wrote into a report as it is', () => {
  const source = sourceSchema.parse({
    ...{ type: 'http', method: 'POST', url: 'https://erp.example/q' },
    ...{ headers: { reason: 'failed' }, body: { reason: 'failed', detail: 'offline' } },
  });
  const answer = { fault: 'broken off', settings: { source } };
  expect(toldIn('zh', scheduleView, answer)).toEqual({ fault: '已中断', settings: { source } });
  const trial = { rows: [{ reason: 'failed' }], columns: [{ detail: 'offline' }] };
  expect(toldIn('zh', trialView, trial)).toBe(trial);
  expect(toldIn('zh', operation('testSource'), trial)).toBe(trial);
});

it('leaves names in a trace as they are', () => {
  const steps = ['waiting', 'mentioned', 'unmentioned'].map((step) => ({
    step,
    detail: 'offline',
  }));
  const { sends } = toldIn('zh', operation('trace'), { sends: [{ steps }] });
  expect(sends[0]?.steps.map(({ detail }) => detail)).toEqual(['离线', 'offline', 'offline']);
});
