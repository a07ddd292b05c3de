import { useState } from 'preact/hooks';
import { type Answer, api, type Body } from '../../api.ts';
import { Action, Check, Form, Line, Note, toast } from '../../components/index.ts';
import { navigate } from '../../router.ts';
import { common } from '../../words/common.ts';
import { w } from './words.ts';

type Bot = Answer<'get', '/bots/{botcode}'>;

/** What can be changed while it runs. */
export function Settings({ bot, reload }: { bot: Bot; reload: () => void }) {
  const { botcode, settings, source } = bot;
  const { pacing } = settings;
  const [name, setName] = useState(settings.name ?? '');
  const [autoStart, setAutoStart] = useState(settings.autoStart);
  const [perMinute, setPerMinute] = useState(textOf(pacing?.perMinute));
  const [perRoom, setPerRoom] = useState(textOf(pacing?.perRoomPerMinute));
  const [from, setFrom] = useState(textOf(pacing?.jitterMs?.[0]));
  const [to, setTo] = useState(textOf(pacing?.jitterMs?.[1]));
  const submit = async (): Promise<void> => {
    const own = {
      ...(perMinute !== '' && { perMinute: Number(perMinute) }),
      ...(perRoom !== '' && { perRoomPerMinute: Number(perRoom) }),
      ...(from !== '' && to !== '' && { jitterMs: [Number(from), Number(to)] }),
    };
    const body = {
      name: name === '' ? null : name,
      autoStart,
      pacing: Object.keys(own).length === 0 ? null : own,
    };
    await api.patch('/bots/{botcode}', {
      params: { botcode },
      body: body as Body<'patch', '/bots/{botcode}'>,
    });
    toast(w.saved);
    reload();
  };
  const numberField = (label: string, value: string, set: (text: string) => void) => (
    <Line label={label} type="number" min={0} value={value} set={set} />
  );
  return (
    <div class="stack">
      {source === 'config' && <Note tone="info">{w.fromConfig}</Note>}
      <Form submit={submit} action={common.save} fields={['name']}>
        {(fault) => (
          <>
            <Line label={w.name} error={fault('name')} maxLength={100} value={name} set={setName} />
            <Check label={w.autoStart} checked={autoStart} onChange={setAutoStart} />
            <h3>
              {w.pacing} <span class="faint small">{w.pacingHint}</span>
            </h3>
            <div class="fields">
              {numberField(w.perMinute, perMinute, setPerMinute)}
              {numberField(w.perRoom, perRoom, setPerRoom)}
              {numberField(w.jitterFrom, from, setFrom)}
              {numberField(w.jitterTo, to, setTo)}
            </div>
          </>
        )}
      </Form>
      {source !== 'config' && (
        <p class="row">
          <Action
            needs="admin"
            icon="trash"
            run={() => api.del('/bots/{botcode}', { params: { botcode } })}
            ask={{ title: w.remove, text: w.removeText(bot.name), danger: true }}
            done={w.removed}
            then={() => navigate('/bots', 'replace')}
          >
            {w.remove}
          </Action>
        </p>
      )}
    </div>
  );
}

function textOf(value: number | undefined): string {
  return value === undefined ? '' : String(value);
}
