import { useEffect, useState } from 'preact/hooks';
import { api, call } from '../../api.ts';
import {
  Card,
  Choice,
  Code,
  Form,
  Head,
  Line,
  Note,
  toast,
  useAction,
  useChids,
} from '../../components/index.ts';
import { timezone } from '../../i18n.ts';
import { navigate, place } from '../../router.ts';
import { useTxcode } from '../../txcode.ts';
import { ContentFields, isAddress } from './content-fields.tsx';
import {
  cardFields,
  contentOf,
  curlOf,
  type Draft,
  draftOf,
  emptyDraft,
  laterContentOf,
  targetOf,
} from './draft.ts';
import { Preview } from './preview.tsx';
import { TargetFields } from './target-fields.tsx';
import { w } from './words.ts';

const shownAtFields = [
  ...['botcode', 'roomId', 'contactId', 'content.text', 'content.mentions', 'content.file', 'at'],
  ...cardFields.map((one) => `content.card.${one}`),
];

/** Writes a message to a room or a person, now or later; `?from=` begins with an older one. */
export function Screen() {
  const { query } = place.value;
  const from = query.get('from') ?? undefined;
  const [draft, setDraft] = useState<Draft>({ ...emptyDraft, botcode: query.get('bot') ?? '' });
  const [chid, setChid] = useState('');
  const change = (part: Partial<Draft>): void => setDraft((now) => ({ ...now, ...part }));
  const chids = useChids(draft.botcode);
  const [txcodeOf] = useTxcode();
  useEffect(() => {
    if (from === undefined) return;
    void api
      .get('/sends/{msgid}', { params: { msgid: Number(from) } })
      .then((send) => setDraft(draftOf(send)));
  }, [from]);
  const [uploading, run] = useAction();
  const upload = (file: File): Promise<boolean> =>
    run(async () => {
      const { url } = (await call('POST', '/files', { body: file })) as { url: string };
      change({ file: url });
    });
  const send = async (): Promise<void> => {
    const { botcode, at } = draft;
    if (at === '') {
      const body = {
        ...{ botcode, ...targetOf(draft), content: contentOf(draft) },
        // A dead letter is dealt with by that.
        ...(from !== undefined && { insteadOf: Number(from) }),
      };
      const { msgid } = await api.post('/sends', { body: { ...body, txcode: txcodeOf(body) } });
      toast(w.sent(String(msgid)));
      navigate(`/sends/${msgid}`);
      return;
    }
    // A wall-clock time is one of the daemon's zone.
    const body = { botcode, ...targetOf(draft), ...laterContentOf(draft), at };
    await api.post('/scheduled-sends', { body: { ...body, txcode: txcodeOf(body) } });
    toast(w.planned);
    navigate('/schedules?tab=sends');
  };
  const channel = chids.includes(chid) ? chid : (chids[0] ?? '…');
  return (
    <div class="stack">
      <Head title={w.title} about={w.about} />
      {from !== undefined && <Note tone="info">{w.fromOld(from)}</Note>}
      <div class="halves">
        <Card title={w.title} icon="pen">
          <Form
            submit={send}
            action={draft.at === '' ? w.send : w.plan}
            fields={shownAtFields}
            disabled={uploading}
          >
            {(fault) => (
              <>
                <TargetFields draft={draft} change={change} fault={fault} />
                <ContentFields {...{ draft, change, fault, upload, uploading }} />
                <Line
                  label={w.later}
                  hint={w.zone(timezone.value ?? '')}
                  error={fault('at')}
                  type="datetime-local"
                  value={draft.at}
                  set={(at) => change({ at })}
                />
              </>
            )}
          </Form>
        </Card>
        <div class="stack">
          <Card title={w.preview} icon="chat">
            {draft.name !== '' && <p class="faint small">{w.previewOf(draft.name)}</p>}
            <Preview draft={draft} from={from} />
          </Card>
          <Card title={w.curl} icon="hook">
            <p class="faint small">{w.curlAbout}</p>
            {draft.at !== '' && <Note tone="warn">{w.curlNow}</Note>}
            {draft.kind === 'image' && !isAddress(draft.file) && (
              <Note tone="warn">{w.curlFile}</Note>
            )}
            <Choice
              label={w.chid}
              value={channel}
              options={chids.map((one) => [one, one])}
              set={setChid}
            />
            <Code text={curlOf(draft, channel)} name={w.curl} />
          </Card>
        </div>
      </div>
    </div>
  );
}
