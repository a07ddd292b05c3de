import type { LiveFeed } from '../bot/live.ts';
import type { Core } from './core.ts';

/**
 * What the parts say of themselves, put into the feed of operators. On the way of a send this is a
 * function call; what people see of it is gathered.
 * @returns a function that ends it
 */
export function feedLive(core: Core, live: LiveFeed): () => void {
  const codes = new Map<string, string | undefined>();
  const unlisten = core.bots.on((botcode, notice) => {
    if (notice.type === 'message') {
      live.mark('messages', botcode);
      return;
    }
    if (notice.type === 'rooms') {
      live.mark('bots', botcode);
      return;
    }
    const view = core.bots.get(botcode)?.view();
    live.publish('bots', botcode, {
      state: view?.state ?? null,
      userAction: view?.userAction ?? null,
    });
    const code = view?.qr && `${view.qr.name} ${view.qr.status} ${view.qr.expiresAt}`;
    if (codes.get(botcode) !== code) {
      codes.set(botcode, code);
      live.publish('qr', botcode);
    }
  });
  const ends = core.channels.onChange(() => live.mark('system', 'channels'));
  core.sends.onChange((msgid) => live.mark('sends', msgid));
  core.events.recorded = (chid) => live.mark('deliveries', chid);
  core.deliveries.onChange((chid) => live.mark('deliveries', chid));
  core.im.conversations.cache.touched = (id) => live.mark('conversations', id);
  core.chatbot.chats.store.touched = (id) => live.mark('chats', id);
  const quiet = core.audit.on((id) => live.mark('audit', String(id)));
  // The name of a schedule, `name slot` of a run, the number of a send for later.
  const unrun = core.reports.on(({ kind, id, state }) =>
    live.publish('runs', id, { kind, state: state ?? null }),
  );
  const calm = core.alarms.on((id) => live.mark('alarms', id));
  const kept = core.backups.on(() => live.mark('system', 'backups'));
  core.botHistory.start();
  core.sendMinutes.start();
  return () => {
    core.botHistory.stop();
    core.sendMinutes.stop();
    unlisten();
    ends();
    quiet();
    unrun();
    calm();
    kept();
    live.stop();
  };
}
