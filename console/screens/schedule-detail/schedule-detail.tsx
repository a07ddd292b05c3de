import './schedule-detail.css';
import { useState } from 'preact/hooks';
import { type Answer, api } from '../../api.ts';
import {
  Action,
  Badge,
  Card,
  Facts,
  Head,
  Loaded,
  Moment,
  Note,
  PagedTable,
  useAction,
  usePages,
} from '../../components/index.ts';
import { useResource } from '../../resource.ts';
import { navigate } from '../../router.ts';
import { may } from '../../session.ts';
import { common } from '../../words/common.ts';
import { ReportForm } from '../schedules/report-form.tsx';
import { type Report, ReportBadge } from '../schedules/reports.tsx';
import { runColumns } from '../schedules/run-parts.tsx';
import { SlotList } from '../schedules/slots.tsx';
import { textOfTargets } from '../schedules/targets.ts';
import { terms, w } from '../schedules/words.ts';

type Trial = Answer<'post', '/schedules/{name}/dry-run'>;

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
                <Facts
                  of={[
                    [
                      w.when,
                      <span key="when" class="mono">
                        {one.settings.expr}
                      </span>,
                    ],
                    [w.next, <Moment key="next" at={one.nextAt} />],
                    [w.source, terms[one.settings.source?.type ?? 'none']],
                    [w.output, terms[one.settings.output ?? 'text']],
                    [
                      w.targets,
                      <span key="to" class="lines">
                        {textOfTargets(one.settings.targets)}
                      </span>,
                    ],
                  ]}
                />
              </Card>
              <Card title={w.nextTen} icon="clock">
                <Loaded of={next}>{(list) => <SlotList list={list} />}</Loaded>
              </Card>
            </div>
            <DryRun report={one} />
          </>
        )}
      </Loaded>
      <History name={name} />
    </div>
  );
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

function DryRun({ report: { name, settings } }: { report: Report }) {
  const [trial, setTrial] = useState<Trial | undefined>(undefined);
  const [busy, run] = useAction();
  const test = async (): Promise<void> =>
    setTrial(await api.post('/schedules/{name}/dry-run', { params: { name }, body: {} }));
  const words = trial && wordsOf(trial, settings);
  return (
    <Card
      title={w.preview}
      icon="play"
      tools={
        may('operator') && (
          <button type="button" aria-busy={busy} onClick={() => void run(test)}>
            {w.dryRun}
          </button>
        )
      }
    >
      {/* Always there: readers say what comes into a region, not one that comes with its words. */}
      <div class="stack" aria-live="polite">
        {trial === undefined ? (
          <p class="faint">{w.dryAbout}</p>
        ) : (
          <>
            <p>
              <Badge tone={trial.send ? 'good' : 'idle'}>
                {trial.send ? w.wouldSend : w.wouldNot}
              </Badge>{' '}
              <span class="faint small">
                {w.rows} {trial.count} · {trial.ms} ms
              </span>
            </p>
            {trial.truncated && <Note tone="warn">{w.truncated}</Note>}
            {trial.pictureFault !== null && (
              <Note tone="warn">
                {w.pictureFault} {trial.pictureFault}
              </Note>
            )}
            {words !== undefined && <pre class="break">{words}</pre>}
            {trial.pictures.map((one, index) => (
              <img
                key={one.url}
                class="report-picture"
                src={one.url}
                width={one.width / 2}
                alt={w.picture(String(index + 1))}
              />
            ))}
          </>
        )}
      </div>
    </Card>
  );
}

/** What is said: beside pictures only the report's own words, or the title where somebody is to be @ed. */
function wordsOf(trial: Trial, settings: Report['settings']): string | undefined {
  if (trial.pictures.length === 0 || settings.text !== undefined) return trial.text;
  const calls = [settings, ...settings.targets].some(({ mentions = [] }) => mentions.length > 0);
  return calls ? trial.title : undefined;
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
