import { readFileSync } from 'node:fs';
import { type ChatOrder, loadChat } from './im-load-chat.ts';
import { type CrowdOrder, loadIdle, loadLogins, loadReturn } from './im-load-crowd.ts';
import { loadSyncs, type SyncOrder } from './im-load-syncs.ts';
import { loadTalk, type TalkOrder } from './im-load-talk.ts';

/** What a load program is told, as JSON in its first argument. */
export type LoadOrder = TalkOrder | CrowdOrder | ChatOrder | SyncOrder;

const order = JSON.parse(process.argv[2] ?? '{}') as LoadOrder;
const tokens = JSON.parse(readFileSync(order.tokens, 'utf8')) as string[];

/** One line to whoever started us. */
function tell(what: object): void {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}

switch (order.kind) {
  case 'talk':
    await loadTalk(order, tokens, tell);
    break;
  case 'idle':
    await loadIdle(order, tokens, tell);
    break;
  case 'logins':
    await loadLogins(order, tokens, tell);
    break;
  case 'return':
    await loadReturn(order, tokens, tell);
    break;
  case 'chat':
    await loadChat(order, tokens, tell);
    break;
  case 'syncs':
    await loadSyncs(order, tokens, tell);
    break;
}
process.exit(0);
