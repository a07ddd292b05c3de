import { effect, signal } from '@preact/signals';
import { checkSession } from './login.ts';
import { session } from './session.ts';

export type Topic =
  | 'bots'
  | 'qr'
  | 'messages'
  | 'sends'
  | 'deliveries'
  | 'conversations'
  | 'chats'
  | 'alarms'
  | 'runs'
  | 'audit'
  | 'system';

/** Something changed: what it is now, the API tells. `id` '*': many of this topic at once. */
export interface Change {
  seq: number;
  at: number;
  topic: Topic;
  id: string;
  data?: Record<string, unknown>;
}

export interface LiveState {
  state: 'connecting' | 'live' | 'reconnecting';
  /** Epoch ms since when what is shown may be old. */
  since: number;
}

type Frame =
  | { type: 'hello'; epoch: string; seq: number; time: number }
  | ({ type: 'change' } & Change)
  | { type: 'subscribed'; resumed: boolean; seq: number }
  | { type: 'reset' }
  | { type: 'event'; chid: string; event: Record<string, unknown> & { eventId: number } }
  | { type: 'unfollowed'; chid: string; reason: string }
  | { type: 'ping' }
  | { type: 'pong' };

export type FollowedEvent = Record<string, unknown> & { eventId: number };

/** What the header shows of the connection. */
export const liveState = signal<LiveState>({ state: 'connecting', since: Date.now() });
/** How far the daemon's clock is ahead of this one, in ms. */
export const clockAhead = signal(0);

const topics: readonly Topic[] = [
  ...(['bots', 'qr', 'messages', 'sends', 'deliveries', 'conversations'] as const),
  ...(['chats', 'alarms', 'runs', 'audit', 'system'] as const),
];
/** The daemon pings every 15 s: a socket that is silent for longer is dead. */
const silenceMs = 35_000;
/** While somebody looks the page asks so often whether the daemon is there… */
const askMs = 3000;
/** …and without an answer for so long it is not, whatever the network says. */
const answerMs = 4000;
/** The daemon closes the sockets of a session that ended. */
const lapsedCode = 4401;

const listeners = new Map<Topic, Set<(change: Change) => void>>();
const resets = new Set<() => void>();
interface Follower {
  chid: string;
  after: number;
  take: (event: FollowedEvent) => void;
}
const followers = new Set<Follower>();

let socket: WebSocket | undefined;
let known: { epoch: string; seq: number } | undefined;
let failures = 0;
let retry: ReturnType<typeof setTimeout> | undefined;
let silence: ReturnType<typeof setTimeout> | undefined;
let awaited: ReturnType<typeof setTimeout> | undefined;
/** When the daemon was heard last. */
let heardAt = Date.now();

/** @returns a function that stops listening */
export function onChange(topic: Topic, listener: (change: Change) => void): () => void {
  const set = listeners.get(topic) ?? new Set();
  listeners.set(topic, set);
  set.add(listener);
  return () => set.delete(listener);
}

/** Changes may have been missed: whoever shows something loads it again. */
export function onReset(listener: () => void): () => void {
  resets.add(listener);
  return () => resets.delete(listener);
}

/** Every durable event of a channel after an id, in order, over reconnects and restarts. */
export function follow(
  chid: string,
  after: number,
  take: (event: FollowedEvent) => void,
): () => void {
  const follower: Follower = { chid, after, take };
  const first = ![...followers].some((one) => one.chid === chid);
  followers.add(follower);
  // A second reader of a channel may want older events: the stream begins anew for both.
  if (!first) say({ type: 'unfollow', chid });
  sayFollow(chid);
  return () => {
    followers.delete(follower);
    if (![...followers].some((one) => one.chid === chid)) say({ type: 'unfollow', chid });
  };
}

/** Connects while somebody is logged in. */
export function startLive(): void {
  effect(() => {
    if (session.value) connect();
    else disconnect();
  });
  addEventListener('online', hurry);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible') return;
    hurry();
    ask();
  });
  setInterval(ask, askMs);
}

/** A process that hangs keeps its connections: only an answer shows that it is well. */
function ask(): void {
  if (awaited !== undefined || document.visibilityState !== 'visible') return;
  if (socket?.readyState !== WebSocket.OPEN) return;
  say({ type: 'ping' });
  expectAnswer();
}

function expectAnswer(): void {
  awaited = setTimeout(giveUp, answerMs);
}

/** Without waiting for a farewell that nobody will say. */
function giveUp(): void {
  const own = socket;
  if (own === undefined) return;
  own.close();
  over(own, 0);
}

function connect(): void {
  if (socket !== undefined) return;
  clearTimeout(retry);
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  const own = new WebSocket(`${scheme}//${location.host}/api/v1/live`);
  socket = own;
  own.onmessage = ({ data }) => {
    if (own !== socket) return;
    heardAt = Date.now();
    alive();
    take(JSON.parse(String(data)) as Frame);
  };
  own.onclose = ({ code }) => over(own, code);
  alive();
  expectAnswer();
}

function over(own: WebSocket, code: number): void {
  if (own !== socket) return;
  socket = undefined;
  lost();
  // A socket that is refused does not say why: it may be that the session has ended.
  if (code === lapsedCode || failures % 3 === 2) void checkSession();
  retry = setTimeout(connect, Math.min(5000, 200 * 2 ** failures) * (0.75 + Math.random() / 2));
  failures += 1;
}

function disconnect(): void {
  clearTimeout(retry);
  quiet();
  const own = socket;
  socket = undefined;
  known = undefined;
  own?.close();
  liveState.value = { state: 'connecting', since: Date.now() };
}

/** The machine woke up, or the network is back: not after the pause, but now. */
function hurry(): void {
  if (socket !== undefined || !session.peek()) return;
  failures = 0;
  connect();
}

function take(frame: Frame): void {
  switch (frame.type) {
    case 'hello':
      clockAhead.value = frame.time - Date.now();
      say({ type: 'subscribe', topics, ...known });
      known = { epoch: frame.epoch, seq: known?.epoch === frame.epoch ? known.seq : frame.seq };
      for (const chid of new Set([...followers].map((one) => one.chid))) sayFollow(chid);
      return;
    case 'subscribed': {
      failures = 0;
      const cut = liveState.peek().state === 'reconnecting';
      liveState.value = { state: 'live', since: Date.now() };
      if (known !== undefined) known.seq = Math.max(known.seq, frame.seq);
      // Changes come again after a cut; what could not be loaded during it does not.
      if (!frame.resumed || cut) reset();
      return;
    }
    case 'change':
      if (known !== undefined) known.seq = frame.seq;
      for (const listener of listeners.get(frame.topic) ?? []) listener(frame);
      return;
    case 'reset':
      reset();
      return;
    case 'event':
      for (const one of followers) {
        if (one.chid !== frame.chid || frame.event.eventId <= one.after) continue;
        one.after = frame.event.eventId;
        one.take(frame.event);
      }
      return;
    case 'ping':
      say({ type: 'pong' });
      return;
    case 'pong':
      return;
    case 'unfollowed':
      return;
  }
}

function reset(): void {
  for (const listener of resets) listener();
}

function sayFollow(chid: string): void {
  const after = Math.min(
    ...[...followers].filter((one) => one.chid === chid).map((one) => one.after),
  );
  if (Number.isFinite(after)) say({ type: 'follow', chid, after });
}

function say(frame: unknown): void {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
}

function alive(): void {
  quiet();
  silence = setTimeout(giveUp, silenceMs);
}

function quiet(): void {
  clearTimeout(silence);
  clearTimeout(awaited);
  awaited = undefined;
}

function lost(): void {
  quiet();
  const { state, since } = liveState.peek();
  if (state === 'live') liveState.value = { state: 'reconnecting', since: heardAt };
  else
    liveState.value = {
      state: state === 'connecting' && failures < 2 ? state : 'reconnecting',
      since,
    };
}
