import type { ReportSettings, ReportTarget } from '../../config/report-schema.ts';
import type { Tx } from '../../store/database.ts';
import { isFinal } from '../automation/sends/send-status.ts';
import type {
  NewSend,
  SendContent,
  SendState,
  SendTarget,
} from '../automation/sends/send-types.ts';
import type { Sends } from '../automation/sends/sends.ts';
import { AppError, type Language } from '../errors.ts';
import type { Composed } from './composer.ts';

/** Stand where a chid would; no channel can bear them, as chids hold no `~`. */
const reportChid = '~report';
export const scheduledChid = '~scheduled';

/** What reports ask of the sends. */
export type SendDesk = Pick<Sends, 'prepare' | 'accept' | 'status' | 'onChange'>;

/** One message of a run. */
export interface RunMessage {
  msgid: number;
  kind: SendContent['kind'];
  state: SendState;
  reason?: string | undefined;
}

/** What a run sent to one place, and what became of it. */
export interface RunTarget {
  botcode: string;
  target: SendTarget;
  /** Empty: it could not even be queued, for this reason. */
  messages: RunMessage[];
  reason?: string | undefined;
}

type Prepared = Awaited<ReturnType<SendDesk['prepare']>>;

/** Messages that are checked, and not yet queued. */
export interface PreparedTarget {
  botcode: string;
  target: SendTarget;
  messages: { send: NewSend; prepared: Prepared }[];
  reason: string | undefined;
}

/** The run that a send is of, out of what it is known by; undefined: of none. */
export function runOf({
  chid,
  txcode,
}: Pick<NewSend, 'chid' | 'txcode'>): { schedule: string; slot: number } | undefined {
  const [, schedule, slot] = /^report:([^:]+):(\d+):/.exec(txcode) ?? [];
  if (chid !== reportChid || schedule === undefined) return undefined;
  return { schedule, slot: Number(slot) };
}

export interface Destination {
  /** What a message is known by, but for its target and place. */
  prefix: string;
  expiresAt: number;
}

export function targetOf(one: Omit<ReportTarget, 'botcode' | 'mentions'>): SendTarget {
  if (one.roomId !== undefined) return { kind: 'room', id: one.roomId };
  if (one.roomTopic !== undefined) return { kind: 'room', topic: one.roomTopic };
  if (one.contactId !== undefined) return { kind: 'contact', id: one.contactId };
  return { kind: 'contact', name: one.contactName ?? '' };
}

/**
 * Checks what a report sends to each of its places. A place that cannot be sent to does not keep the
 * others waiting. @param keep stores a picture
 */
export async function prepareTargets(
  desk: SendDesk,
  settings: Pick<ReportSettings, 'targets' | 'mentions' | 'text'>,
  { written, pictures }: Composed,
  keep: (png: Uint8Array) => Promise<string>,
  { prefix, expiresAt }: Destination,
  language: Language,
): Promise<PreparedTarget[]> {
  const images: SendContent[] = [];
  for (const [at, { png }] of pictures.entries()) {
    const page = { title: written.title.slice(0, 200), number: at + 1, of: pictures.length };
    images.push({ kind: 'image', source: { sha256: await keep(png) }, page });
  }
  const prepared: PreparedTarget[] = [];
  const places = new Set<string>();
  for (const [at, one] of settings.targets.entries()) {
    const { botcode } = one;
    const target = targetOf(one);
    const mentions =
      target.kind === 'room' ? [...new Set([...settings.mentions, ...(one.mentions ?? [])])] : [];
    const text: SendContent = { kind: 'text', text: written.text, mentions };
    // Beside pictures words go where they are the operator's own, or somebody is to be @ed.
    const words = { ...text, text: settings.text === undefined ? written.title : text.text };
    const contents =
      images.length === 0
        ? [text]
        : settings.text !== undefined || mentions.length > 0
          ? [words, ...images]
          : images;
    try {
      const messages: PreparedTarget['messages'] = [];
      for (const [place, content] of contents.entries()) {
        const txcode = `${prefix}:${at}${place === 0 ? '' : `.${place}`}`;
        const send = { botcode, chid: reportChid, txcode, target, content, expiresAt };
        messages.push({ send, prepared: await desk.prepare(send) });
      }
      // By its topic and by its id, say: whoever is in the room wants it once, unless others are @ed.
      const place = JSON.stringify([botcode, messages[0]?.prepared.place.lane, mentions]);
      if (places.has(place)) continue;
      places.add(place);
      prepared.push({ botcode, target, messages, reason: undefined });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      prepared.push({ botcode, target, messages: [], reason: error.text[language] });
    }
  }
  return prepared;
}

/** Queues them, in the caller's transaction. */
export async function acceptTargets(
  desk: SendDesk,
  tx: Tx,
  prepared: readonly PreparedTarget[],
  slot: number,
): Promise<RunTarget[]> {
  // Of the slot, not of the moment: whoever makes the same run writes the same key.
  const day = new Date(slot).toISOString().slice(0, 10).replaceAll('-', '');
  const targets: RunTarget[] = [];
  for (const { botcode, target, messages, reason } of prepared) {
    const accepted: RunMessage[] = [];
    for (const one of messages) {
      const claim = { day, digest: null, spell: () => '' };
      const { msgid, state, reason: why } = await desk.accept(tx, one.prepared, claim);
      accepted.push({
        msgid,
        kind: one.send.content.kind,
        state,
        ...(why !== undefined && { reason: why }),
      });
    }
    targets.push({ botcode, target, messages: accepted, ...(reason !== undefined && { reason }) });
  }
  return targets;
}

/** The states that messages have by now. */
export async function refreshTargets(
  desk: SendDesk,
  targets: readonly RunTarget[],
): Promise<RunTarget[]> {
  const fresh: RunTarget[] = [];
  for (const one of targets) {
    const messages: RunMessage[] = [];
    for (const message of one.messages) {
      if (isFinal(message.state)) {
        messages.push(message);
        continue;
      }
      const [send] = await desk.status({ msgid: message.msgid });
      messages.push(
        send === undefined
          ? message
          : {
              ...{ msgid: message.msgid, kind: message.kind, state: send.state },
              ...(send.reason !== undefined && { reason: send.reason }),
            },
      );
    }
    fresh.push({ ...one, messages });
  }
  return fresh;
}

/** How a run ends by what became of its messages; undefined: some are on their way. */
export function outcomeOf(
  targets: readonly RunTarget[],
): 'sent' | 'partial' | 'failed' | undefined {
  const states = targets.flatMap(({ messages }): string[] =>
    messages.length === 0 ? ['failed'] : messages.map((one) => one.state),
  );
  if (states.some((state) => !isFinal(state))) return undefined;
  const sent = states.filter((state) => state === 'sent').length;
  if (sent === states.length && sent > 0) return 'sent';
  return sent === 0 ? 'failed' : 'partial';
}

/** Why not all of them arrived. */
export function whyNot(targets: readonly RunTarget[]): string | undefined {
  const reasons = targets.flatMap(({ messages, reason }) => [
    reason,
    ...messages.filter(({ state }) => state !== 'sent').map((one) => one.reason ?? one.state),
  ]);
  const distinct = [...new Set(reasons.filter((one) => one !== undefined))];
  return distinct.length === 0 ? undefined : distinct.slice(0, 5).join('; ').slice(0, 1000);
}
