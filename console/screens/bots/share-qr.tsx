import { useState } from 'preact/hooks';
import { type Answer, api, type Item } from '../../api.ts';
import { Code, Dialog, Form, Line } from '../../components/index.ts';
import { dateTime } from '../../format.ts';
import { w } from './words.ts';

/** Makes a link for whoever holds the phone. */
export function ShareQr({ bot, onClose }: { bot: Item<'/bots'>; onClose: () => void }) {
  const [minutes, setMinutes] = useState('10');
  const [made, setMade] = useState<Answer<'post', '/bots/{botcode}/qr/share'> | undefined>();
  const submit = async (): Promise<void> => {
    const { botcode } = bot;
    const body = { minutes: Number(minutes) };
    setMade(await api.post('/bots/{botcode}/qr/share', { params: { botcode }, body }));
  };
  return (
    <Dialog title={w.shareTitle} onClose={onClose}>
      <div class="stack">
        <p>{w.shareText(bot.name)}</p>
        {made === undefined ? (
          <Form submit={submit} action={w.shareMake} fields={['minutes']} onCancel={onClose}>
            {(fault) => (
              <Line
                label={w.shareMinutes}
                error={fault('minutes')}
                type="number"
                min={1}
                max={60}
                value={minutes}
                set={setMinutes}
              />
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
