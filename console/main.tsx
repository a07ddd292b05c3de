import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/parts.css';
import './styles/table.css';
import './styles/dialog.css';
import './styles/shell.css';
import { type ComponentChild, render } from 'preact';
import { App } from './app.tsx';
import { openWords } from './i18n.ts';
import { startLive } from './live.ts';
import { openSession } from './login.ts';

openWords().then(
  () => show(<App />),
  // There are no words to say it in: both languages are.
  () =>
    show(
      <p role="alert">
        控制台未能加载，请刷新页面。 The console could not be loaded: please reload the page.
      </p>,
    ),
);
startLive();
void openSession();

function show(what: ComponentChild): void {
  const root = document.getElementById('app');
  if (root !== null) render(what, root);
}
