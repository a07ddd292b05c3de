import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/parts.css';
import './styles/table.css';
import './styles/dialog.css';
import './styles/shell.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { startLive } from './live.ts';
import { openSession } from './login.ts';

const root = document.getElementById('app');
if (root !== null) render(<App />, root);
startLive();
void openSession();
