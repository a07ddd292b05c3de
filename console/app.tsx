import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { Confirmer } from './components/confirm.tsx';
import { Toasts } from './components/toast.tsx';
import { Header } from './header.tsx';
import { language, say } from './i18n.ts';
import { liveState } from './live.ts';
import { Navigation } from './navigation.tsx';
import { match, path } from './router.ts';
import { Lazy } from './screens/lazy.tsx';
import { Login } from './screens/login/login.tsx';
import { type Screen, screens } from './screens.ts';
import { may, session } from './session.ts';
import { shell } from './words/shell.ts';

/** The whole console: the login, or the shell around the screen that the address names. */
export function App() {
  if (session.value === undefined) return null;
  return (
    <>
      {session.value === null ? <Login /> : <Shell />}
      <Confirmer />
      <Toasts />
    </>
  );
}

function Shell() {
  const found = screenAt(path.value);
  // What is shown may be old by now: the header says since when.
  const stale = liveState.value.state === 'reconnecting';
  const title = found === undefined ? 'wxrc' : `${say(found.screen.title)} · wxrc`;
  useEffect(() => {
    document.title = title;
  }, [title, language.value]);
  // Whoever moves to another screen by keys goes on from its beginning.
  const shown = useRef(path.value);
  useLayoutEffect(() => {
    if (shown.current === path.value) return;
    shown.current = path.value;
    for (const menu of document.querySelectorAll<HTMLElement>(':popover-open')) menu.hidePopover();
    document.getElementById('content')?.focus();
    scrollTo(0, 0);
  }, [path.value]);
  return (
    <div class="shell">
      <button
        type="button"
        class="skip"
        onClick={() => document.getElementById('content')?.focus()}
      >
        {shell.skip}
      </button>
      <Navigation open={found?.screen} />
      <div class="main">
        <Header />
        <main class="content" id="content" tabIndex={-1} data-stale={stale ? '' : undefined}>
          {found === undefined ? (
            <Nothing text={shell.notFound} />
          ) : may(found.screen.role ?? 'viewer') ? (
            <Lazy key={found.screen.path} screen={found.screen} parts={found.parts} />
          ) : (
            <Nothing text={shell.notAllowed} />
          )}
        </main>
      </div>
    </div>
  );
}

function Nothing({ text }: { text: string }) {
  return (
    <div class="empty">
      <h1>{text}</h1>
      <a href="#/">{shell.home}</a>
    </div>
  );
}

function screenAt(given: string): { screen: Screen; parts: Record<string, string> } | undefined {
  for (const screen of screens) {
    const parts = match(screen.path, given);
    if (parts !== undefined) return { screen, parts };
  }
  return undefined;
}
