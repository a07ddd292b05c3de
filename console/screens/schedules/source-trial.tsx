import { useState } from 'preact/hooks';
import { type Answer, api, type Body, type Fault } from '../../api.ts';
import { faultOf } from '../../components/fault-of.ts';
import { Code, ErrorNote, useAction } from '../../components/index.ts';
import { jsonIn } from './report-draft.ts';
import { w } from './words.ts';

type Read = Answer<'post', '/report-tools/source'>;
type Source = Body<'post', '/report-tools/source'>['source'];

/** Reads the source that is being written, once; what is masked in it is that of the report. */
export function SourceTrial(props: {
  source: string;
  zone: string;
  of: string | undefined;
  onColumns: (names: readonly string[]) => void;
}) {
  const { source, zone, of, onColumns } = props;
  const [read, setRead] = useState<Read | undefined>(undefined);
  const [fault, setFault] = useState<Fault | undefined>(undefined);
  const [busy, run] = useAction();
  const test = async (): Promise<void> => {
    setRead(undefined);
    setFault(undefined);
    try {
      // The daemon checks it, as it checks everything.
      const body = {
        source: jsonIn(source, 'source') as Source,
        ...(of !== undefined && { of }),
        ...(zone !== '' && { zone }),
      };
      const found = await api.post('/report-tools/source', { body });
      setRead(found);
      onColumns(found.columns);
    } catch (error) {
      // Told where it was asked: one tries until it works.
      setFault(faultOf(error));
    }
  };
  return (
    <div class="stack">
      <p>
        <button type="button" disabled={busy} aria-busy={busy} onClick={() => void run(test)}>
          {w.testSource}
        </button>
      </p>
      {fault !== undefined && <ErrorNote error={fault} />}
      {read !== undefined && (
        <Code
          name={w.columns}
          text={`${w.columns}: ${read.columns.join(', ')} (${read.count}, ${read.ms} ms)\n${JSON.stringify(read.rows.slice(0, 5), null, 1)}`}
        />
      )}
    </div>
  );
}
