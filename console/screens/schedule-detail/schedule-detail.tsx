import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { api } from '../../api.ts';
import {
  Action,
  Card,
  Facts,
  Head,
  Loaded,
  Note,
  PagedTable,
  usePages,
} from '../../components/index.ts';
import { useResource } from '../../resource.ts';
import { navigate } from '../../router.ts';
import { may } from '../../session.ts';
import { common } from '../../words/common.ts';
import { DryRun } from '../schedules/dry-run.tsx';
import { misfires, overlaps, ReportForm } from '../schedules/report-form.tsx';
import { fw } from '../schedules/report-words.ts';
import { type Report, ReportBadge } from '../schedules/reports.tsx';
import { runColumns } from '../schedules/run-parts.tsx';
import { SlotList } from '../schedules/slots.tsx';
import { textOfTargets } from '../schedules/targets.ts';
import { terms, w } from '../schedules/words.ts';

/** One report: when it comes next, how it looks, and what became of each slot. */
export function Screen({ name = '' }: Record<string, string>) {
  const report = useResource('/schedules/{name}', { params: { name }, topics: ['runs'] });
  const next = useResource('/schedules/{name}/next', {
    params: { name },
    query: { count: 10 },
    topics: ['runs'],
  });
  return (
    <div class="stack">
      {report.data === undefined && <Head title={name} />}
      <Loaded of={report}>
        {(one) => (
          <>
            <Top
              report={one}
              reload={() => {
                report.reload();
                next.reload();
              }}
            />
            <div class="halves">
              <Card title={w.settings} icon="gear">
                <Settings of={one.settings} />
              </Card>
              <Card title={w.nextTen} icon="clock">
                <Loaded of={next}>{(list) => <SlotList list={list} />}</Loaded>
              </Card>
            </div>
            <DryRun
              settings={one.settings}
              run={() => api.post('/schedules/{name}/dry-run', { params: { name }, body: {} })}
            />
          </>
        )}
      </Loaded>
      <History name={name} />
    </div>
  );
}

/** What the form has, in its words; when it comes next stands beside it, in the report's zone. */
function Settings({ of }: { of: Report['settings'] }) {
  const { calendar, misfire, overlap } = of;
  const facts: (readonly [string, ComponentChildren])[] = [
    [
      w.when,
      <span key="when" class="mono">
        {of.expr}
      </span>,
    ],
    [
      fw.calendar,
      typeof calendar === 'object' ? calendar.file : calendar === 'weekdays' ? fw.weekdays : fw.all,
    ],
    [w.misfire, new Map(misfires()).get(misfire)],
    [w.overlap, new Map(overlaps()).get(overlap)],
    [w.deliverWithin, of.deliverWithinSeconds],
    [w.source, terms[of.source?.type ?? 'none']],
    [w.sendIf, of.sendIf],
    [w.output, terms[of.output ?? 'text']],
    [
      w.textTemplate,
      of.text && (
        <span key="text" class="lines">
          {of.text}
        </span>
      ),
    ],
    [w.mentions, of.mentions?.join(', ')],
    [
      w.targets,
      <span key="to" class="lines">
        {textOfTargets(of.targets)}
      </span>,
    ],
  ];
  return <Facts of={facts.filter(([, value]) => value)} />;
}

function Top({ report, reload }: { report: Report; reload: () => void }) {
  const [editing, setEditing] = useState(false);
  const params = { name: report.name };
  const own = report.source === 'admin';
  return (
    <>
      <Head title={report.name} about={report.settings.title ?? ''}>
        <ReportBadge report={report} />
        {report.paused ? (
          <Action
            icon="play"
            kind="primary"
            run={() => api.post('/schedules/{name}/resume', { params })}
            then={reload}
          >
            {w.resume}
          </Action>
        ) : (
          <Action
            icon="pause"
            run={() => api.post('/schedules/{name}/pause', { params, body: {} })}
            ask={{ title: w.pauseAsk, text: w.pauseText }}
            then={reload}
          >
            {w.pause}
          </Action>
        )}
        <Action
          icon="send"
          run={() => api.post('/schedules/{name}/run', { params })}
          ask={{ title: w.runAsk, text: w.runText }}
          done={w.started}
          then={reload}
        >
          {w.run}
        </Action>
        {own && may('operator') && (
          <button type="button" onClick={() => setEditing(true)}>
            {common.edit}
          </button>
        )}
        {own && (
          <Action
            kind="quiet"
            icon="trash"
            label={`${common.remove} ${report.name}`}
            run={() => api.del('/schedules/{name}', { params })}
            ask={{ title: w.removeAsk(report.name), text: w.removeText, danger: true }}
            then={() => navigate('/schedules')}
          >
            {''}
          </Action>
        )}
      </Head>
      {!own && <Note tone="info">{w.fromConfig}</Note>}
      {report.fault !== null && <Note tone="bad">{report.fault}</Note>}
      {report.warnings.map((one) => (
        <Note key={one} tone="warn">
          {one}
        </Note>
      ))}
      {report.pausedReason !== null && <Note tone="warn">{report.pausedReason}</Note>}
      {editing && (
        <ReportForm
          report={report}
          onClose={() => setEditing(false)}
          onDone={() => {
            setEditing(false);
            reload();
          }}
        />
      )}
    </>
  );
}

function History({ name }: { name: string }) {
  const pages = usePages(name);
  const runs = useResource('/schedules/{name}/runs', {
    params: { name },
    query: { ...(pages.cursor !== undefined && { cursor: Number(pages.cursor) }) },
    topics: ['runs', 'sends'],
    calmMs: 1000,
  });
  return (
    <Card flush title={w.history}>
      <PagedTable
        of={runs}
        pages={pages}
        name={`${w.history} ${name}`}
        columns={runColumns(false)}
        keyOf={(one) => one.slot}
        empty={w.noRuns}
      />
    </Card>
  );
}
