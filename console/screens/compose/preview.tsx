import './preview.css';
import { type Draft, mentionsOf } from './draft.ts';
import { w } from './words.ts';

/** The message about as WeChat draws it. */
export function Preview({ draft }: { draft: Draft }) {
  const mentions = mentionsOf(draft);
  return (
    <div class="chat-preview">
      {draft.kind === 'text' && (
        <p class="bubble">
          {mentions.map((one) => `@${one} `).join('')}
          {draft.text === '' && mentions.length === 0 ? w.empty : draft.text}
        </p>
      )}
      {draft.kind === 'image' &&
        (draft.file.startsWith('/file/') ? (
          <img src={draft.file} alt={w.image} />
        ) : (
          <p class="bubble">{wordsOf(draft.file)}</p>
        ))}
      {draft.kind === 'miniProgram' && (
        <div class="mini-card">
          <strong>{draft.card.title || w.empty}</strong>
          <span class="faint small">{draft.card.description}</span>
          <span class="thumb" aria-hidden="true" />
          <span class="faint small">{w.card}</span>
        </div>
      )}
    </div>
  );
}

/** A picture that cannot be shown here: one of before is known by its hash only. */
function wordsOf(file: string): string {
  if (file === '') return w.empty;
  return /^[0-9a-f]{64}$/.test(file) ? w.sameImage : file;
}
