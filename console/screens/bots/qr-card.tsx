import { useState } from 'preact/hooks';
import { api, type Item } from '../../api.ts';
import { Action, Badge, Icon, Note } from '../../components/index.ts';
import { span, time } from '../../format.ts';
import { now } from '../../now.ts';
import { may } from '../../session.ts';
import { botTones, botWords } from '../../words/states.ts';
import { ShareQr } from './share-qr.tsx';
import { w } from './words.ts';

/** What a bot wants of a person: a scan, the confirmation on the phone, or a decision. */
export function QrCard({ bot, reload }: { bot: Item<'/bots'>; reload: () => void }) {
  const [sharing, setSharing] = useState(false);
  const { botcode, name, state, driver, qr, userAction, boundAccountId } = bot;
  const params = { botcode };
  return (
    <article class="qr-card" aria-label={w.qrOf(name)}>
      <header>
        <a href={`#/bots/${encodeURIComponent(botcode)}`} title={name}>
          <strong>{name}</strong>
        </a>
        <Badge tone={botTones[state]}>{botWords[state]}</Badge>
      </header>
      {userAction === 'decide' ? (
        <Note tone="warn">{w.wrongAccount(boundAccountId ?? '?')}</Note>
      ) : (
        <Code bot={bot} />
      )}
      <footer>
        {userAction === 'decide' && (
          <>
            <Action
              kind="primary"
              run={() => api.post('/bots/{botcode}/accept-account', { params })}
              done={w.accepted}
              then={reload}
            >
              {w.accept}
            </Action>
            <Action
              run={() => api.post('/bots/{botcode}/reject-account', { params })}
              done={w.rejected}
              then={reload}
            >
              {w.reject}
            </Action>
          </>
        )}
        {driver === 'simulator' && qr?.status === 'waiting' && (
          <Action
            icon="scan"
            run={() => api.post('/simulator/{botcode}/scan', { params, body: {} })}
            done={w.simScanned}
          >
            {w.simScan}
          </Action>
        )}
        {driver === 'simulator' && qr?.status === 'scanned' && (
          <Action
            kind="primary"
            icon="check"
            run={() => api.post('/simulator/{botcode}/confirm', { params })}
            done={w.simConfirmed}
          >
            {w.simConfirm}
          </Action>
        )}
        {qr !== null && may('operator') && (
          <button type="button" class="quiet" onClick={() => setSharing(true)}>
            <Icon name="link" />
            {w.share}
          </button>
        )}
      </footer>
      {sharing && <ShareQr bot={bot} onClose={() => setSharing(false)} />}
    </article>
  );
}

function Code({ bot: { botcode, name, qr } }: { bot: Item<'/bots'> }) {
  const until = qr === null ? 0 : (qr.confirmBy ?? qr.expiresAt);
  const left = until - now.value;
  if (qr === null || (left <= 0 && qr.status === 'waiting')) {
    return (
      <div class="qr over">
        <p>{w.renewing}</p>
      </div>
    );
  }
  const scanned = qr.status !== 'waiting';
  // From where the page came: behind a proxy the address of others may be another.
  const src = new URL(qr.svgUrl).pathname;
  return (
    <>
      <div class={scanned ? 'qr scanned' : 'qr'}>
        <img
          key={src}
          src={src}
          // Whose connection broke for a moment still gets the code.
          onError={({ currentTarget }) =>
            setTimeout(() => currentTarget.setAttribute('src', src), 1500)
          }
          width="220"
          height="220"
          alt={`${w.qrOf(name)}, ${w.left(time(until))}`}
          data-qr={botcode}
        />
        {scanned && (
          <p>
            <Icon name="phone" size={28} />
            {w.scanned}
          </p>
        )}
      </div>
      {/* Read once, not each second. */}
      <p class="small faint" aria-live="off">
        {scanned ? w.confirmIn(span(Math.max(0, left))) : `${w.scanHint} · ${w.left(span(left))}`}
      </p>
    </>
  );
}
