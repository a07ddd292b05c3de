// A person plays a WeChat user: says things, sees what comes back. Everything by the /sandbox routes.

import { words, zh } from './words.js';

const by = (id) => document.getElementById(id);
let state = { accounts: [], users: [] };
let appid;
let openid;
let shown = '';
let drawn = '';
/** The other side is shown as typing this long. */
const typingLasts = 15_000;

document.documentElement.lang = zh ? 'zh' : 'en';
document.title = words.title;
for (const one of document.querySelectorAll('[data-word]'))
  one.textContent = words[one.dataset.word];
by('text').placeholder = words.text;
by('make').elements.openid.placeholder = 'openid';

async function call(method, path, body) {
  const response = await fetch(path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? String(response.status));
  return answer;
}

function act(work) {
  by('error').hidden = true;
  work()
    .catch((error) => {
      by('error').textContent = error.message;
      by('error').hidden = false;
    })
    .finally(refresh);
}

const user = () => state.users.find((one) => one.openid === openid && one.appid === appid);
const account = () => state.accounts.find((one) => one.appid === appid);
const userPath = (rest) => `users/${encodeURIComponent(openid)}/${rest}`;

function say(what) {
  if (user() === undefined) return act(() => Promise.reject(new Error(words.noUser)));
  act(() => call('POST', userPath('say'), { ...what, appid, wait: false }));
}

function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

async function refresh() {
  try {
    state = await call('GET', 'state');
  } catch (error) {
    by('error').textContent = error.message;
    by('error').hidden = false;
    return;
  }
  appid ??= state.accounts[0]?.appid;
  if (user() === undefined) openid = state.users.find((one) => one.appid === appid)?.openid;
  const side = JSON.stringify([state.accounts, state.users, appid, openid]);
  if (side !== shown) drawSide();
  shown = side;
  by('now').textContent = new Date(state.now).toLocaleString();
  drawWindows();
  await drawMessages();
}

function drawSide() {
  by('account').replaceChildren(
    ...state.accounts.map((one) => {
      const option = element('option', '', `${one.appid} (${one.kind})`);
      option.value = one.appid;
      option.selected = one.appid === appid;
      return option;
    }),
  );
  const { push, mode = '', format = '', originalId = '' } = account() ?? {};
  by('facts').replaceChildren(
    element('dt', '', words.push),
    element('dd', '', push ?? words.nowhere),
    element('dd', '', `${originalId} · ${format} · ${mode}`),
  );
  by('users').replaceChildren(
    ...state.users
      .filter((one) => one.appid === appid)
      .map((one) => {
        const button = element('button', '', one.nickname);
        button.type = 'button';
        button.setAttribute('aria-current', String(one.openid === openid));
        button.onclick = () => {
          openid = one.openid;
          void refresh();
        };
        const item = document.createElement('li');
        item.append(button);
        return item;
      }),
  );
  by('who').textContent = user()?.nickname ?? words.noUser;
  drawEvents();
}

function drawEvents() {
  const one = user();
  if (one === undefined) return by('events').replaceChildren();
  const event = (body) =>
    act(() => call('POST', userPath('event'), { ...body, appid, wait: false }));
  const block = (blocked) => act(() => call('POST', userPath('block'), { blocked, appid }));
  const asked = (question, work) => () => {
    const answer = prompt(question);
    if (answer) work(answer);
  };
  const choices = {
    ...(account()?.kind === 'official'
      ? {
          [one.subscribed ? words.unfollow : words.follow]: () =>
            event({ event: one.subscribed ? 'unsubscribe' : 'subscribe' }),
          [words.click]: asked(words.menuKey, (EventKey) => event({ event: 'CLICK', EventKey })),
        }
      : { [words.enter]: () => event({ event: 'user_enter_tempsession' }) }),
    [words.accept]: asked(words.templateId, (templateId) =>
      act(() => call('POST', userPath('accept'), { templateId, appid, wait: false })),
    ),
    [one.blocked ? words.unblock : words.block]: () => block(!one.blocked),
  };
  by('events').replaceChildren(
    ...Object.entries(choices).map(([text, work]) => {
      const button = element('button', '', text);
      button.type = 'button';
      button.onclick = work;
      return button;
    }),
  );
}

function drawWindows() {
  const one = user();
  if (one === undefined) {
    by('windows').textContent = '';
    return;
  }
  const open = one.windows.map(
    ({ left, until }) => `${words.left(left)}, ${duration(until - state.now)}`,
  );
  const credits = Object.entries(one.credits).map(([id, n]) => `${words.credits} ${id}: ${n}`);
  by('windows').textContent = [...(open.length > 0 ? open : [words.closed]), ...credits].join(
    ' · ',
  );
}

function duration(ms) {
  const minutes = Math.ceil(ms / 60_000);
  return minutes > 90 ? `${Math.round(minutes / 60)} h` : `${minutes} min`;
}

async function drawMessages() {
  if (user() === undefined) return by('messages').replaceChildren();
  const { messages } = await call('GET', userPath(`messages?own=1&appid=${appid}`));
  const { pushes } = await call('GET', `pushes?openid=${encodeURIComponent(openid)}`);
  const last = messages.at(-1);
  const typing = last?.msgtype === 'Typing' && state.now - last.at < typingLasts;
  const results = pushes.map((one) => [one.id, one.ok, one.problem]);
  const now = JSON.stringify([openid, appid, messages, results, typing]);
  if (now === drawn) return;
  drawn = now;
  const box = by('messages');
  const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 80;
  const outcomes = new Map(pushes.map((one) => [one.id, one]));
  box.replaceChildren(
    ...messages
      .filter((one) => one.via !== 'typing' || (typing && one === last))
      .map((one) => draw(one, outcomes.get(one.push))),
  );
  if (atEnd) box.scrollTop = box.scrollHeight;
}

function draw(seen, push) {
  const own = seen.via === 'own';
  const event = own && seen.msgtype === 'event';
  const item = document.createElement('li');
  item.className =
    event || seen.via === 'typing' || seen.via === 'notice' ? 'quiet' : own ? 'own' : '';
  const bubble = element('div', 'bubble', textOf(seen));
  if (seen.mediaUrl !== undefined) bubble.append(media(seen));
  item.append(bubble);
  const time = new Date(seen.at).toLocaleTimeString();
  const from = element('span', 'from', `${words.kinds[seen.via] ?? ''} ${time}`.trim());
  if (push !== undefined) {
    const waiting = push.problem === undefined && !push.ok;
    const text = push.ok ? words.delivered : waiting ? words.waiting : words.failed;
    from.append(element('span', push.ok || waiting ? '' : 'bad', ` · ${text}`));
    if (push.problem !== undefined) from.append(element('span', 'bad', `: ${push.problem}`));
  }
  item.append(from);
  return item;
}

function textOf(seen) {
  if (seen.via === 'typing') return words.typing;
  if (seen.text !== undefined) return seen.text;
  return seen.mediaUrl === undefined ? `[${seen.msgtype}]` : '';
}

function media(seen) {
  const kind = { voice: 'audio', video: 'video', shortvideo: 'video' }[seen.msgtype] ?? 'img';
  const made = document.createElement(kind);
  made.src = new URL(seen.mediaUrl).pathname;
  if (kind === 'img') made.alt = seen.msgtype;
  else made.controls = true;
  return made;
}

by('say').onsubmit = (event) => {
  event.preventDefault();
  const text = by('text').value;
  if (text === '') return;
  by('text').value = '';
  say({ text });
};
by('pick').onclick = () => by('file').click();
by('file').onchange = () => {
  const [file] = by('file').files;
  if (file === undefined) return;
  const reader = new FileReader();
  reader.onload = () => say({ image: reader.result });
  reader.readAsDataURL(file);
  by('file').value = '';
};
by('make').onsubmit = (event) => {
  event.preventDefault();
  const wanted = by('make').elements.openid;
  const body = { openid: wanted.value, nickname: wanted.value, appid };
  openid = wanted.value;
  wanted.value = '';
  act(() => call('POST', 'users', body));
};
by('account').onchange = () => {
  appid = by('account').value;
  openid = undefined;
  by('verified').textContent = '';
  void refresh();
};
by('verify').onclick = () =>
  act(async () => {
    const done = await call('POST', 'verify', { appid });
    by('verified').className = done.ok ? '' : 'bad';
    by('verified').textContent = done.ok ? words.ok : done.reason;
  });
for (const button of document.querySelectorAll('[data-advance]')) {
  button.onclick = () =>
    act(() => call('POST', 'clock', { advanceMs: Number(button.dataset.advance) }));
}
setInterval(() => void refresh(), 1000);
void refresh();
