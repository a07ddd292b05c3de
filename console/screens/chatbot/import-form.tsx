import { useState } from 'preact/hooks';
import { type Answer, call } from '../../api.ts';
import { Check, Dialog, Field, Form, Line, Note, toast } from '../../components/index.ts';
import { w } from './words.ts';

type Report = Answer<'post', '/chatbot/kb/import'>;
const formats: Record<string, string> = {
  csv: 'csv',
  json: 'json',
  jsonl: 'jsonl',
  md: 'markdown',
};

/** Takes a file into a knowledge base; lines at fault are told. */
export function ImportForm({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const [kb, setKb] = useState('faq');
  const [file, setFile] = useState<File | undefined>(undefined);
  const [replace, setReplace] = useState(false);
  const [report, setReport] = useState<Report | undefined>(undefined);
  const send = async (): Promise<void> => {
    if (file === undefined) return;
    const extension = /\.(\w+)$/.exec(file.name)?.[1]?.toLowerCase() ?? '';
    const answer = (await call('POST', '/chatbot/kb/import', {
      query: {
        ...{ format: formats[extension] ?? extension, kb, replace: String(replace) },
        ...{ name: file.name, source: `import/${file.name}` },
      },
      body: file.slice(0, file.size, 'application/octet-stream'),
    })) as Report;
    const { added, changed, removed, faulty } = answer;
    toast(w.importDone(...([added, changed, removed, faulty].map(String) as Four)));
    onDone();
    if (faulty === 0) onClose();
    else setReport(answer);
  };
  return (
    <Dialog title={w.importTitle} onClose={onClose}>
      <p class="faint small">{w.importAbout}</p>
      <Form
        submit={send}
        action={w.importAction}
        fields={['kb', 'format']}
        onCancel={onClose}
        disabled={file === undefined}
      >
        {(fault) => (
          <>
            <Line label={w.kb} required error={fault('kb')} value={kb} set={setKb} />
            <Field label={w.importFile} required error={fault('format')}>
              {(own) => (
                <input
                  {...own}
                  type="file"
                  accept=".csv,.json,.jsonl,.md"
                  onChange={(event) => setFile(event.currentTarget.files?.[0])}
                />
              )}
            </Field>
            <Check label={w.importReplace} checked={replace} onChange={setReplace} />
          </>
        )}
      </Form>
      {report !== undefined && (
        <Note tone="warn">
          <ul>
            {report.faults.map((one) => (
              <li key={`${one.line} ${one.reason}`}>
                {w.line(String(one.line))}: {one.reason}
              </li>
            ))}
          </ul>
        </Note>
      )}
    </Dialog>
  );
}

type Four = [string, string, string, string];
