import { useState } from 'preact/hooks';
import { api, type Body } from '../../api.ts';
import { Area, Check, Choice, Dialog, Form, Line } from '../../components/index.ts';
import { common } from '../../words/common.ts';
import { DryRun } from './dry-run.tsx';
import { namesIn } from './names-in.ts';
import { ReportColumns } from './report-columns.tsx';
import {
  changesOf,
  draftOf,
  kinds,
  outputs,
  type ReportDraft,
  settingsOf,
  sourceBeginnings,
  timingOf,
} from './report-draft.ts';
import { fw } from './report-words.ts';
import type { Report } from './reports.tsx';
import { Slots } from './slots.tsx';
import { SourceTrial } from './source-trial.tsx';
import { terms, w } from './words.ts';

/** Fields of the API; a fault within one stands there, too. */
const shown = [
  ...[
    'name',
    'title',
    'expr',
    'zone',
    'calendar',
    'source',
    'sendIf',
    'columns',
    'chart',
    'footer',
  ],
  ...['text', 'targets', 'mentions'],
];
/** Those that are seldom touched. */
const more = [
  ...['start', 'end', 'jitterSeconds', 'graceSeconds', 'deliverWithinSeconds'],
  ...['pauseAfterFailures', 'timeoutSeconds'],
];

/** Names of fields whose values are texts, or one of some. */
type Field = {
  [F in keyof ReportDraft]: ReportDraft[F] extends string ? F : never;
}[keyof ReportDraft];
interface LineMore {
  hint?: string;
  required?: boolean;
  /** What the API calls it. */
  at?: string;
}
type AreaMore = LineMore & { rows: number; code?: boolean; placeholder?: string };

/** Makes a report, or changes one. */
export function ReportForm(props: {
  report: Report | undefined;
  onClose: () => void;
  onDone: () => void;
}) {
  const { report, onClose, onDone } = props;
  // It may be changed elsewhere meanwhile: touched is what differs from what this form began with.
  const [before] = useState(report);
  const [draft, setDraft] = useState(() => draftOf(before));
  const [known, setKnown] = useState<readonly string[]>([]);
  const change = (part: Partial<ReportDraft>): void => setDraft((now) => ({ ...now, ...part }));
  const save = async (): Promise<void> => {
    if (before === undefined) await api.post('/schedules', { body: settingsOf(draft) });
    else {
      await api.patch('/schedules/{name}', {
        params: { name: before.name },
        body: changesOf(draft, before) as Body<'patch', '/schedules/{name}'>,
      });
    }
  };
  const dryRun = async () => {
    // To whom it goes is no part of it.
    const { targets: _none, ...made } = settingsOf({ ...draft, targets: '' }, before?.settings);
    const settings = { ...made, name: draft.name || 'draft' };
    return await api.post('/report-tools/dry-run', { body: { settings } });
  };
  const draws = draft.output === 'chart' || draft.output === 'both';
  return (
    <Dialog
      wide
      title={report === undefined ? w.newReport : `${w.editReport} ${report.name}`}
      onClose={onClose}
    >
      <Form
        submit={save}
        action={common.save}
        fields={[...shown, ...more]}
        onCancel={onClose}
        onDone={onDone}
      >
        {(fault) => {
          const own = (field: Field, label: string, at: string = field) => ({
            label,
            error: fault(at),
            value: draft[field],
            set: (value: string) => change({ [field]: value }),
          });
          const line = (field: Field, label: string, { at, ...rest }: LineMore = {}) => (
            <Line {...own(field, label, at)} {...rest} />
          );
          const area = (field: Field, label: string, { at, ...rest }: AreaMore) => (
            <Area {...own(field, label, at)} {...rest} />
          );
          const pick = <F extends Field>(
            field: F,
            label: string,
            options: readonly (readonly [ReportDraft[F], string])[],
          ) => <Choice {...own(field, label)} options={options} />;
          return (
            <>
              <div class="fields">
                {report === undefined && line('name', w.name, { required: true })}
                {line('title', w.reportTitle)}
                {pick('kind', w.kind, pairs(kinds))}
                {line('expr', w.expr, { required: true, hint: w.exprHint })}
                {line('zone', w.zoneField)}
                {pick('calendar', fw.calendar, [
                  ['all', fw.all],
                  ['weekdays', fw.weekdays],
                  ['file', fw.file],
                ])}
                {draft.calendar === 'file' && (
                  <>
                    {line('calendarFile', fw.calendarFile, {
                      ...{ required: true, hint: fw.calendarHint, at: 'calendar' },
                    })}
                    {pick('calendarDays', fw.days, [
                      ['weekdays', fw.weekdays],
                      ['all', fw.all],
                      ['none', fw.noDays],
                    ])}
                  </>
                )}
              </div>
              <Slots timing={timingOf(draft)} />
              <Choice
                label={w.source}
                value={typeIn(draft.source)}
                options={[
                  ['none', terms.none],
                  ['builtin', terms.builtin],
                  ['http', terms.http],
                  ['sqlite', terms.sqlite],
                  ['postgres', terms.postgres],
                  ['file', terms.file],
                ]}
                set={(type) => change({ source: JSON.stringify(sourceBeginnings[type], null, 2) })}
              />
              {area('source', w.sourceJson, {
                ...{ code: true, rows: 6 },
                ...(draft.source.includes('***') && { hint: w.sourceHint }),
              })}
              <SourceTrial
                source={draft.source}
                zone={draft.zone}
                of={report?.name}
                onColumns={setKnown}
              />
              {line('sendIf', w.sendIf, { hint: w.sendIfHint })}
              {pick('output', w.output, pairs(outputs))}
              <ReportColumns
                columns={draft.columns}
                change={(columns) => change({ columns })}
                fault={fault}
                known={known}
              />
              {draws &&
                area('chart', w.chartJson, {
                  ...{ code: true, rows: 4, hint: w.chartHint },
                  placeholder: '{ "type": "bar", "x": "name", "y": ["total"] }',
                })}
              {draft.output !== 'text' && (
                <div class="fields">
                  {pick('theme', fw.theme, [
                    ['', fw.byDefault],
                    ['light', fw.light],
                    ['dark', fw.dark],
                  ])}
                  {line('footer', fw.footer)}
                </div>
              )}
              {area('text', w.textTemplate, { rows: 4 })}
              {area('targets', w.targetsField, { hint: w.targetsHint, required: true, rows: 3 })}
              {line('mentions', w.mentions)}
              <details open={more.some((one) => fault(one) !== undefined)}>
                <summary>{common.more}</summary>
                <div class="fields">
                  {line('start', fw.start, { hint: fw.momentHint })}
                  {line('end', fw.end, { hint: fw.momentHint })}
                  {line('jitterSeconds', fw.jitter)}
                  {pick('misfire', w.misfire, misfires())}
                  {line('graceSeconds', fw.grace)}
                  {pick('overlap', w.overlap, overlaps())}
                  {line('deliverWithinSeconds', w.deliverWithin)}
                  {line('pauseAfterFailures', w.pauseAfter)}
                  {line('timeoutSeconds', fw.timeout)}
                </div>
              </details>
              <DryRun
                settings={{ text: draft.text, mentions: namesIn(draft.mentions), targets: [] }}
                run={dryRun}
              />
              <Check
                label={w.enabled}
                checked={draft.enabled}
                onChange={(enabled) => change({ enabled })}
              />
            </>
          );
        }}
      </Form>
    </Dialog>
  );
}

/** What was missed, and what goes on still. */
export const misfires = () =>
  [
    ['run_once', w.misfireOnce],
    ['skip', w.misfireSkip],
    ['run_all', w.misfireAll],
  ] as const;
export const overlaps = () =>
  [
    ['skip', w.overlapSkip],
    ['queue_one', w.overlapQueue],
    ['allow', w.overlapAllow],
  ] as const;

/** Those that are called in words as they are in the API. */
function pairs<T extends (typeof kinds | typeof outputs)[number]>(names: readonly T[]) {
  return names.map((one) => [one, terms[one]] as const);
}

function typeIn(source: string): string {
  return /"type"\s*:\s*"(\w+)"/.exec(source)?.[1] ?? 'none';
}
