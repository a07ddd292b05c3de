import { useState } from 'preact/hooks';
import { api, type Body } from '../../api.ts';
import { Area, Check, Choice, Dialog, Form, Line } from '../../components/index.ts';
import { common } from '../../words/common.ts';
import {
  changesOf,
  draftOf,
  kinds,
  misfires,
  outputs,
  overlaps,
  type ReportDraft,
  settingsOf,
  sourceBeginnings,
} from './report-draft.ts';
import type { Report } from './reports.tsx';
import { Slots } from './slots.tsx';
import { SourceTrial } from './source-trial.tsx';
import { w } from './words.ts';

const shown = [
  ...['name', 'title', 'expr', 'zone', 'sendIf', 'text', 'targets', 'source', 'chart'],
  ...['deliverWithinSeconds', 'pauseAfterFailures'],
];

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
  const draws = draft.output === 'chart' || draft.output === 'both';
  return (
    <Dialog
      wide
      title={report === undefined ? w.newReport : `${w.editReport} ${report.name}`}
      onClose={onClose}
    >
      <Form submit={save} action={common.save} fields={shown} onCancel={onClose} onDone={onDone}>
        {(fault) => (
          <>
            <div class="fields">
              {report === undefined && (
                <Line
                  label={w.name}
                  required
                  error={fault('name')}
                  value={draft.name}
                  set={(name) => change({ name })}
                />
              )}
              <Line
                label={w.reportTitle}
                error={fault('title')}
                value={draft.title}
                set={(title) => change({ title })}
              />
              <Choice
                label={w.kind}
                value={draft.kind}
                options={kinds.map((one) => [one, w[one]])}
                set={(kind) => change({ kind })}
              />
              <Line
                label={w.expr}
                required
                hint={w.exprHint}
                error={fault('expr')}
                value={draft.expr}
                set={(expr) => change({ expr })}
              />
              <Line
                label={w.zoneField}
                error={fault('zone')}
                value={draft.zone}
                set={(zone) => change({ zone })}
              />
            </div>
            <Slots kind={draft.kind} expr={draft.expr} zone={draft.zone} />
            <Choice
              label={w.source}
              value={typeIn(draft.source)}
              options={[
                ['none', w.none],
                ['builtin', w.builtin],
                ['http', w.http],
                ['sqlite', w.sqlite],
                ['postgres', w.postgres],
                ['file', w.file],
              ]}
              set={(type) => change({ source: JSON.stringify(sourceBeginnings[type], null, 2) })}
            />
            <Area
              code
              label={w.sourceJson}
              hint={draft.source.includes('***') ? w.sourceHint : undefined}
              error={fault('source')}
              rows={6}
              value={draft.source}
              set={(source) => change({ source })}
            />
            <SourceTrial source={draft.source} of={report?.name} />
            <Line
              label={w.sendIf}
              hint={w.sendIfHint}
              error={fault('sendIf')}
              value={draft.sendIf}
              set={(sendIf) => change({ sendIf })}
            />
            <Choice
              label={w.output}
              value={draft.output}
              options={outputs.map((one) => [one, w[one]])}
              set={(output) => change({ output })}
            />
            {draws && (
              <Area
                code
                label={w.chartJson}
                error={fault('chart')}
                rows={4}
                placeholder='{ "type": "bar", "x": "name", "y": ["total"] }'
                value={draft.chart}
                set={(chart) => change({ chart })}
              />
            )}
            <Area
              label={w.textTemplate}
              error={fault('text')}
              rows={4}
              value={draft.text}
              set={(text) => change({ text })}
            />
            <Area
              label={w.targetsField}
              hint={w.targetsHint}
              required
              error={fault('targets')}
              rows={3}
              value={draft.targets}
              set={(targets) => change({ targets })}
            />
            <div class="fields">
              <Line
                label={w.mentions}
                value={draft.mentions}
                set={(mentions) => change({ mentions })}
              />
              <Choice
                label={w.misfire}
                value={draft.misfire}
                options={misfires.map((one) => [one, misfireWord(one)])}
                set={(misfire) => change({ misfire })}
              />
              <Choice
                label={w.overlap}
                value={draft.overlap}
                options={overlaps.map((one) => [one, overlapWord(one)])}
                set={(overlap) => change({ overlap })}
              />
              <Line
                label={w.deliverWithin}
                error={fault('deliverWithinSeconds')}
                value={draft.deliverWithin}
                set={(deliverWithin) => change({ deliverWithin })}
              />
              <Line
                label={w.pauseAfter}
                error={fault('pauseAfterFailures')}
                value={draft.pauseAfter}
                set={(pauseAfter) => change({ pauseAfter })}
              />
            </div>
            <Check
              label={w.enabled}
              checked={draft.enabled}
              onChange={(enabled) => change({ enabled })}
            />
          </>
        )}
      </Form>
    </Dialog>
  );
}

function typeIn(source: string): string {
  return /"type"\s*:\s*"(\w+)"/.exec(source)?.[1] ?? 'none';
}

function misfireWord(one: (typeof misfires)[number]): string {
  return { skip: w.misfireSkip, run_once: w.misfireOnce, run_all: w.misfireAll }[one];
}

function overlapWord(one: (typeof overlaps)[number]): string {
  return { skip: w.overlapSkip, queue_one: w.overlapQueue, allow: w.overlapAllow }[one];
}
