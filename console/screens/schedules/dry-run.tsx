import './dry-run.css';
import { useState } from 'preact/hooks';
import type { Answer } from '../../api.ts';
import { Badge, Card, Note, useAction } from '../../components/index.ts';
import { may } from '../../session.ts';
import type { Report } from './reports.tsx';
import { w } from './words.ts';

type Trial = Answer<'post', '/schedules/{name}/dry-run'>;

/** What would come of a report, kept or not: made, and not sent. */
export function DryRun(props: {
  settings: Pick<Report['settings'], 'text' | 'mentions' | 'targets'>;
  run: () => Promise<Trial>;
}) {
  const { settings, run: make } = props;
  const [trial, setTrial] = useState<Trial | undefined>(undefined);
  const [busy, run] = useAction();
  const test = async (): Promise<void> => setTrial(await make());
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
function wordsOf(
  trial: Trial,
  settings: Parameters<typeof DryRun>[0]['settings'],
): string | undefined {
  if (trial.pictures.length === 0 || settings.text) return trial.text;
  const calls = [settings, ...settings.targets].some(({ mentions = [] }) => mentions.length > 0);
  return calls ? trial.title : undefined;
}
