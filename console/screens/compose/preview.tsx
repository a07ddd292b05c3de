import './preview.css';
import { ownFile, Picture, pictureOf } from '../../components/index.ts';
import { useResource } from '../../resource.ts';
import { type Draft, mentionsOf } from './draft.ts';
import { w } from './words.ts';

/** The message about as WeChat draws it. */
export function Preview({ draft, from }: { draft: Draft; from: string | undefined }) {
  return (
    <div class="chat-preview">
      {draft.kind === 'text' && <Said draft={draft} />}
      {draft.kind === 'image' && (
        <Shown
          // Of a message of before only its hash is known.
          src={/^\w{64}$/.test(draft.file) && from ? pictureOf(from) : ownFile(draft.file)}
          words={wordsOf(draft.file)}
        />
      )}
      {draft.kind === 'miniProgram' && (
        <div class="mini-card">
          <strong>{draft.card.title || w.empty}</strong>
          <span class="faint small">{draft.card.description}</span>
          <span class="thumb">
            <Shown src={ownFile(draft.card.thumbUrl)} words={wordsOf(draft.card.thumbUrl)} />
          </span>
          <span class="faint small">{w.card}</span>
        </div>
      )}
    </div>
  );
}

/** Who is in the room is @ed by name there, and nobody else. */
function Said({ draft }: { draft: Draft }) {
  const { botcode, id, toKind, text } = draft;
  const wanted = mentionsOf(draft).map((one) => one.replace(/^@/, ''));
  const room = useResource('/bots/{botcode}/rooms/{roomId}', {
    params: { botcode, roomId: id },
    when: toKind === 'room' && id !== '' && wanted.length > 0,
  });
  const members = room.data?.members ?? [];
  const names: string[] = [];
  const missing: string[] = [];
  for (const one of wanted) {
    const member = members.find((somebody) => somebody.id === one || somebody.name === one);
    // Where no members are known, everyone is taken at their word.
    if (member !== undefined || members.length === 0) names.push(member?.name || one);
    else missing.push(one);
  }
  return (
    <div class="stack">
      <p class="bubble">
        {names.map((one) => `@${one} `).join('')}
        {text === '' && names.length === 0 ? w.empty : text}
      </p>
      {missing.length > 0 && <p class="faint small">{w.notThere(missing.join(', '))}</p>}
    </div>
  );
}

/** A picture of ours; of what is elsewhere the browser may load nothing. */
function Shown({ src, words }: { src: string | undefined; words: string }) {
  if (src === undefined) return <span class="bubble">{words}</span>;
  return <Picture src={src} alt={w.image} gone={words} />;
}

/** What stands for a picture that cannot be shown. */
function wordsOf(address: string): string {
  if (address === '') return w.empty;
  const host = URL.canParse(address) && new URL(address).host;
  return host ? w.fromHost(host) : w.image;
}
