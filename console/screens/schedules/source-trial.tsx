import { useState } from 'preact/hooks';
import { type Answer, api, type Body } from '../../api.ts';
import { Code, useAction } from '../../components/index.ts';
import { w } from './words.ts';

type Read = Answer<'post', '/report-tools/source'>;
type Source = Body<'post', '/report-tools/source'>['source'];

/** Reads the source that is being written, once; what is masked in it is that of the report. */
export function SourceTrial({ source, of }: { source: string; of: string | undefined }) {
  const [read, setRead] = useState<Read | undefined>(undefined);
  const [busy, run] = useAction();
  const test = async (): Promise<void> => {
    setRead(undefined);
    // The daemon checks it, as it checks everything.
    setRead(
      await api.post('/report-tools/source', {
        body: { source: JSON.parse(source) as Source, ...(of !== undefined && { of }) },
      }),
    );
  };
  return (
    <div class="stack">
      <p>
        <button type="button" disabled={busy} onClick={() => void run(test)}>
          {w.testSource}
        </button>
      </p>
      {read !== undefined && (
        <Code
          name={w.columns}
          text={`${w.columns}: ${read.columns.join(', ')} (${read.count}, ${read.ms} ms)\n${JSON.stringify(read.rows.slice(0, 5), null, 1)}`}
        />
      )}
    </div>
  );
}
