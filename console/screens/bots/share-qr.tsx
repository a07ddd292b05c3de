import { useState } from 'preact/hooks';
import { type Answer, api, type Item } from '../../api.ts';
import { Code, Dialog, Field, Form } from '../../components/index.ts';
import { dateTime } from '../../format.ts';
import { w } from './words.ts';

/** Makes a link for whoever holds the phone. */
export function ShareQr({ bot, onClose }: { bot: Item<'/bots'>; onClose: () => void }) {
  const [minutes, setMinutes] = useState(10);
  const [made, setMade] = useState<Answer<'post', '/bots/{botcode}/qr/share'> | undefined>();
  const submit = async (): Promise<void> => {
    const { botcode } = bot;
    setMade(await api.post('/bots/{botcode}/qr/share', { params: { botcode }, body: { minutes } }));
  };
  return (
    <Dialog title={w.shareTitle} onClose={onClose}>
      <div class="stack">
        <p>{w.shareText(bot.name)}</p>
        {made === undefined ? (
          <Form submit={submit} action={w.shareMake} fields={['minutes']} onCancel={onClose}>
            {(fault) => (
              <Field label={w.shareMinutes} error={fault('minutes')}>
                {(own) => (
                  <input
                    {...own}
                    type="number"
                    min={1}
                    max={60}
                    value={minutes}
                    onInput={(event) => setMinutes(event.currentTarget.valueAsNumber)}
                  />
                )}
              </Field>
            )}
          </Form>
        ) : (
          <>
            <Code name={w.shareLink} text={new URL(made.path, location.origin).href} />
            <p class="faint small">{w.shareUntil(dateTime(made.expiresAt))}</p>
          </>
        )}
      </div>
    </Dialog>
  );
}
