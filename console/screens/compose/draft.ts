import type { Answer, Body } from '../../api.ts';

export type Kind = 'text' | 'image' | 'miniProgram';
type Content = Body<'post', '/sends'>['content'];

/** What is being written; everything is kept while one changes one's mind about the kind. */
export interface Draft {
  botcode: string;
  toKind: 'room' | 'contact';
  /** Of the room or person. */
  id: string;
  /** How it is called, for people. */
  name: string;
  kind: Kind;
  text: string;
  mentions: string;
  file: string;
  card: Record<CardField, string>;
  /** As `datetime-local` has it; empty: now. */
  at: string;
}
export const cardFields = [
  'appid',
  'username',
  'title',
  'description',
  'pagePath',
  'thumbUrl',
] as const;
export type CardField = (typeof cardFields)[number];

export const emptyDraft: Draft = {
  botcode: '',
  toKind: 'room',
  id: '',
  name: '',
  kind: 'text',
  text: '',
  mentions: '',
  file: '',
  card: { appid: '', username: '', title: '', description: '', pagePath: '', thumbUrl: '' },
  at: '',
};

export const mentionsOf = (draft: Draft): string[] =>
  draft.mentions
    .split('\n')
    .map((one) => one.trim())
    .filter((one) => one !== '');

export function contentOf(draft: Draft): Content {
  switch (draft.kind) {
    case 'text':
      return { kind: 'text', text: draft.text, mentions: mentionsOf(draft) };
    case 'image':
      return { kind: 'image', file: draft.file };
    case 'miniProgram':
      return { kind: 'miniProgram', card: draft.card };
  }
}

/** The same, as sends for later are told it. */
export function laterContentOf(
  draft: Draft,
): Pick<Body<'post', '/scheduled-sends'>, 'text' | 'mentions' | 'card' | 'image'> {
  switch (draft.kind) {
    case 'text':
      return { text: draft.text, mentions: mentionsOf(draft) };
    case 'image':
      return { image: draft.file };
    case 'miniProgram':
      return { card: draft.card };
  }
}

export function targetOf({ toKind, id }: Draft): { roomId: string } | { contactId: string } {
  return toKind === 'room' ? { roomId: id } : { contactId: id };
}

/** A message that was sent before, to be changed and sent anew. */
export function draftOf(send: Answer<'get', '/sends/{msgid}'>): Draft {
  const { target, content, botcode, kind, roomId, roomTopic } = send;
  const card = (content['card'] ?? {}) as Record<string, string | undefined>;
  const source = (content['source'] ?? {}) as { url?: string; sha256?: string };
  return {
    ...emptyDraft,
    botcode,
    kind,
    toKind: target['kind'] === 'contact' ? 'contact' : 'room',
    id: target['id'] ?? roomId ?? '',
    name: roomTopic ?? target['topic'] ?? target['name'] ?? target['id'] ?? '',
    text: String(content['text'] ?? ''),
    mentions: ((content['mentions'] as string[] | undefined) ?? []).join('\n'),
    file: source.url ?? source.sha256 ?? '',
    card: {
      appid: card['appid'] ?? '',
      username: card['username'] ?? '',
      title: card['title'] ?? '',
      description: card['description'] ?? '',
      pagePath: card['pagePath'] ?? '',
      thumbUrl: card['thumbUrl'] ?? '',
    },
  };
}

/** A shell script that sends the same as a channel: signed where it runs, so that no key is here. */
export function curlOf(draft: Draft, chid: string): string {
  const { botcode, kind, toKind, id } = draft;
  const target = toKind === 'room' ? { roomId: id } : { contactId: id };
  const { pagePath, thumbUrl, ...card } = draft.card;
  const mentions = mentionsOf(draft);
  const bodies: Record<Kind, [string, object]> = {
    text: [
      toKind === 'room' ? 'roomSendText' : 'contactSendText',
      { ...target, text: draft.text, ...(mentions.length > 0 && { atList: mentions }) },
    ],
    image: [
      'roomSendImg',
      { ...target, file: /^https?:/.test(draft.file) ? draft.file : 'https://…/picture.png' },
    ],
    miniProgram: [
      'roomSendApp',
      { ...target, app: { ...card, pagepath: pagePath, thumbnailUrl: thumbUrl } },
    ],
  };
  const [command, reqBody] = bodies[kind];
  const body = JSON.stringify({
    reqHead: { chid, txcode: '$TXCODE', txtime: '$TXTIME', botcode },
    reqBody,
  });
  // Inside double quotes of a shell.
  const quoted = body.replaceAll(/["\\`]/g, '\\$&').replaceAll(/\$(?!TX)/g, '\\$');
  return [
    "KEY='…'",
    'TXTIME=$(date +%s)000; TXCODE=$(date +%s%N)',
    `BODY="${quoted}"`,
    'SIGNATURE=$(printf %s "$BODY$KEY" | md5sum | cut -d" " -f1)',
    `curl -s ${location.origin}/api/${command} \\`,
    "  -H 'Content-Type: application/json' \\",
    '  -H "X-Ecaspsplus-Signature: $SIGNATURE" -H \'X-Ecaspsplus-SignatureType: MD5\' \\',
    '  --data-binary "$BODY"',
  ].join('\n');
}
