import { useState } from 'preact/hooks';
import { type Answer, api } from '../../api.ts';
import { Badge, Card, Code, Form, Line, Note } from '../../components/index.ts';
import type { Profile } from './profile.tsx';
import { w } from './words.ts';

type Offer = Answer<'post', '/profile/totp'>;

/** Codes of an authenticator at the log-in: on, off, recovery codes. */
export function TwoSteps({ profile, reload }: { profile: Profile; reload: () => void }) {
  const [current, setCurrent] = useState('');
  const [code, setCode] = useState('');
  const [offer, setOffer] = useState<Offer | undefined>(undefined);
  const [codes, setCodes] = useState<readonly string[] | undefined>(undefined);
  const on = profile.user.totp;
  const begin = async (): Promise<void> => {
    setOffer(await api.post('/profile/totp', { body: { current } }));
    setCurrent('');
  };
  const confirm = async (): Promise<void> => {
    const { recoveryCodes } = await api.post('/profile/totp/confirm', { body: { code } });
    setCodes(recoveryCodes);
    setOffer(undefined);
    setCode('');
    reload();
  };
  const stop = async (): Promise<void> => {
    await api.post('/profile/totp/remove', { body: { current } });
    setCurrent('');
    setCodes(undefined);
    reload();
  };
  return (
    <Card
      title={w.totp}
      icon="phone"
      tools={<Badge tone={on ? 'good' : 'idle'}>{on ? w.totpOn : w.totpOff}</Badge>}
    >
      <p class="faint small">{w.totpAbout}</p>
      {codes !== undefined && (
        <>
          <Note tone="warn">{w.recoveryAbout}</Note>
          <Code text={codes.join('\n')} name={w.recovery} />
        </>
      )}
      {on && <p class="faint small">{w.left(String(profile.recoveryCodesLeft))}</p>}
      {offer === undefined ? (
        <Form submit={on ? stop : begin} action={on ? w.stop : w.start} fields={['current']}>
          {(fault) => (
            <Line
              label={w.current}
              required
              error={fault('current')}
              type="password"
              autocomplete="current-password"
              value={current}
              set={setCurrent}
            />
          )}
        </Form>
      ) : (
        <>
          <p>{w.scan}</p>
          <p>
            <img
              src={`data:image/svg+xml;utf8,${encodeURIComponent(offer.qrSvg)}`}
              width={180}
              height={180}
              alt={w.qr}
            />
          </p>
          <Code text={offer.secret} name={w.totp} />
          <Form submit={confirm} action={w.confirm} fields={['code']}>
            {(fault) => (
              <Line
                label={w.code}
                required
                error={fault('code')}
                inputMode="numeric"
                autocomplete="one-time-code"
                value={code}
                set={setCode}
              />
            )}
          </Form>
        </>
      )}
    </Card>
  );
}
