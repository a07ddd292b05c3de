import { Area, Choice, Field, Line, toast } from '../../components/index.ts';
import { cardFields, type Draft } from './draft.ts';
import { terms, w } from './words.ts';

/** What WeChat takes. */
const mostBytes = 10_000_000;

/** What is said: text with @, a picture or a card. */
export function ContentFields(props: {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  fault: (field: string) => string | undefined;
  /** @returns whether it is there */
  upload: (file: File) => Promise<boolean>;
  uploading: boolean;
}) {
  const { draft, change, fault, upload, uploading } = props;
  const choose = async (input: HTMLInputElement): Promise<void> => {
    const file = input.files?.[0];
    if (file === undefined) return;
    // Whatever becomes of this one, the one of before is not meant any more.
    change({ file: '' });
    if (file.size > mostBytes) toast(w.tooLarge, 'bad');
    else if (await upload(file)) return;
    // Its name must not stand there as if it were sent, and it can be chosen once more.
    input.value = '';
  };
  return (
    <>
      <Choice
        label={w.kind}
        value={draft.kind}
        options={
          draft.toKind === 'room'
            ? [
                ['text', w.text],
                ['image', w.image],
                ['miniProgram', w.card],
              ]
            : [['text', w.text]]
        }
        set={(kind) => change({ kind })}
      />
      {draft.kind === 'text' && (
        <>
          <Area
            label={w.words}
            required
            error={fault('content.text')}
            rows={6}
            maxLength={20_000}
            value={draft.text}
            set={(text) => change({ text })}
          />
          {draft.toKind === 'room' && (
            <Area
              label={w.mentions}
              hint={w.mentionsHint}
              error={fault('content.mentions')}
              rows={2}
              value={draft.mentions}
              set={(mentions) => change({ mentions })}
            />
          )}
        </>
      )}
      {draft.kind === 'image' && (
        <div class="fields">
          <Field label={w.file} error={fault('content.file')}>
            {(own) => (
              <input
                {...own}
                type="file"
                accept="image/*"
                disabled={uploading}
                onChange={(event) => void choose(event.currentTarget)}
              />
            )}
          </Field>
          <Line
            label={w.orUrl}
            inputMode="url"
            value={isAddress(draft.file) ? draft.file : ''}
            placeholder={draft.file === '' ? 'https://' : w.chosen}
            set={(file) => change({ file })}
          />
        </div>
      )}
      {draft.kind === 'miniProgram' && (
        <div class="fields">
          {cardFields.map((name) => (
            <Line
              key={name}
              label={name === 'title' ? w.cardTitle : terms[name]}
              required={name !== 'description'}
              error={fault(`content.card.${name}`)}
              value={draft.card[name]}
              set={(text) => change({ card: { ...draft.card, [name]: text } })}
            />
          ))}
        </div>
      )}
    </>
  );
}

/** Else it is a file that is here. */
export function isAddress(file: string): boolean {
  return /^https?:/i.test(file);
}
