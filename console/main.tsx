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
import { keepFocus } from './keep-focus.ts';
import { startLive } from './live.ts';
import { openSession } from './login.ts';

openWords().then(
  () => show(<App />),
  () => show(<Unspoken />),
);
startLive();
keepFocus();
void openSession();

function show(what: ComponentChild): void {
  const root = document.getElementById('app');
  if (root !== null) render(what, root);
}

/** There are no words to say it in: so it is said in both languages. */
function Unspoken() {
  return (
    <div class="empty" role="alert">
      <p lang="zh-CN">控制台未能加载，请刷新页面</p>
      <p lang="en">The console could not be loaded: please reload the page</p>
    </div>
  );
}
