import { Icon } from './components/icon.tsx';
import { toast, toastError } from './components/toast.tsx';
import { time } from './format.ts';
import { language, setLanguage } from './i18n.ts';
import { liveState } from './live.ts';
import { logout } from './login.ts';
import { session } from './session.ts';
import { setTheme, theme } from './theme.ts';
import { shell } from './words/shell.ts';

/** What is the same on every screen: the way to others, whether what is shown is live, who one is. */
export function Header() {
  const who = session.value;
  return (
    <header class="top">
      <button
        type="button"
        class="menu quiet icon-only"
        aria-label={shell.openNav}
        popovertarget="drawer"
      >
        <Icon name="menu" size={20} />
      </button>
      <span class="space" />
      <Live />
      <button
        type="button"
        class="quiet"
        popovertarget="account"
        aria-label={`${shell.account}: ${who?.name ?? ''}`}
      >
        <Icon name="user" size={18} />
        <span class="wide-only">{who?.name}</span>
      </button>
      <div id="account" class="menu-pop" popover="auto">
        <div class="who">
          <strong>{who?.name}</strong>
          <span class="faint small">{who && shell[who.role]}</span>
        </div>
        <hr />
        <LanguageChoice />
        <ThemeChoice />
        <hr />
        <a href="#/profile">
          <Icon name="user" />
          {shell.profile}
        </a>
        <a href="/docs" target="_blank" rel="noreferrer">
          <Icon name="book" />
          {shell.docs}
        </a>
        <button type="button" onClick={() => void logout().catch(toastError)}>
          <Icon name="out" />
          {shell.logout}
        </button>
      </div>
    </header>
  );
}

function Live() {
  const { state, since } = liveState.value;
  const tone = state === 'live' ? 'good' : state === 'connecting' ? 'idle' : 'warn';
  return (
    <span class={`live ${tone}`} role="status" data-live={state}>
      <span class="dot" aria-hidden="true" />
      {state === 'reconnecting' ? shell.reconnecting(time(since)) : shell[state]}
    </span>
  );
}

export function LanguageChoice() {
  return (
    <fieldset class="choice" aria-label={shell.language}>
      {(['zh', 'en'] as const).map((one) => (
        <button
          key={one}
          type="button"
          lang={one === 'zh' ? 'zh-CN' : 'en'}
          aria-pressed={language.value === one}
          onClick={() => void setLanguage(one).catch(() => toast(shell.languageFailed, 'bad'))}
        >
          {one === 'zh' ? '中文' : 'English'}
        </button>
      ))}
    </fieldset>
  );
}

function ThemeChoice() {
  return (
    <fieldset class="choice" aria-label={shell.theme}>
      {(['auto', 'light', 'dark'] as const).map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={theme.value === one}
          onClick={() => setTheme(one)}
        >
          {shell[one]}
        </button>
      ))}
    </fieldset>
  );
}
