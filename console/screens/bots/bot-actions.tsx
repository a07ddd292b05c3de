import { api, type Item } from '../../api.ts';
import { Action } from '../../components/index.ts';
import { w } from './words.ts';

/** What can be done with a bot's life, as far as it makes sense now. */
export function BotActions({ bot, reload }: { bot: Item<'/bots'>; reload: () => void }) {
  const { botcode, name, state } = bot;
  const params = { botcode };
  const down = state === 'off' || state === 'offline' || state === 'failed' || state === 'suspect';
  return (
    <div class="row">
      {down && (
        <Action
          run={() => api.post('/bots/{botcode}/login', { params })}
          done={w.loggingIn}
          then={reload}
          icon="power"
        >
          {state === 'off' || state === 'offline' ? w.login : w.restart}
        </Action>
      )}
      {(state === 'ready' || state === 'syncing' || state === 'suspect') && (
        <Action
          run={() => api.post('/bots/{botcode}/logout', { params })}
          ask={{ title: w.logout, text: w.logoutText(name), danger: true }}
          done={w.loggedOut}
          then={reload}
        >
          {w.logout}
        </Action>
      )}
      {state !== 'off' && (
        <Action
          kind="quiet"
          run={() => api.post('/bots/{botcode}/release', { params })}
          ask={{ title: w.release, text: w.releaseText(name), danger: true }}
          done={w.released}
          then={reload}
        >
          {w.release}
        </Action>
      )}
    </div>
  );
}
