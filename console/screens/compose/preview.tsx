import './preview.css';
import { ownFile, Picture, pictureOf } from '../../components/index.ts';
import { type Draft, mentionsOf } from './draft.ts';
import { w } from './words.ts';

/** The message about as WeChat draws it. */
export function Preview({ draft, from }: { draft: Draft; from: string | undefined }) {
  const mentions = mentionsOf(draft);
  return (
    <div class="chat-preview">
      {draft.kind === 'text' && (
        <p class="bubble">
          {mentions.map((one) => `@${one} `).join('')}
          {draft.text === '' && mentions.length === 0 ? w.empty : draft.text}
        </p>
      )}
      {draft.kind === 'image' && (
        <Shown
          src={isHash(draft.file) && from ? pictureOf(from) : ownFile(draft.file)}
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

/** A picture of ours; of what is elsewhere the browser may load nothing. */
function Shown({ src, words }: { src: string | undefined; words: string }) {
  if (src === undefined) return <span class="bubble">{words}</span>;
  return <Picture src={src} alt={w.image} gone={words} />;
}

/** Of a message of before only its hash is known. */
function isHash(file: string): boolean {
  return /^[0-9a-f]{64}$/.test(file);
}

/** What stands for a picture that cannot be shown. */
function wordsOf(address: string): string {
  if (isHash(address)) return w.sameImage;
  const host = URL.canParse(address) ? new URL(address).host : '';
  return host === '' ? address || w.empty : w.fromHost(host);
}
