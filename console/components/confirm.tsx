import { common } from '../words/common.ts';
import { Dialog } from './dialog.tsx';
import { asked } from './question.ts';

/** Where questions are asked. */
export function Confirmer() {
  const question = asked.value;
  if (question === undefined) return null;
  const { title, text, yes, danger, answer } = question;
  return (
    <Dialog
      title={title}
      onClose={() => answer(false)}
      foot={
        <>
          <button type="button" onClick={() => answer(false)}>
            {common.cancel}
          </button>
          <button type="button" class={danger ? 'danger' : 'primary'} onClick={() => answer(true)}>
            {yes ?? title}
          </button>
        </>
      }
    >
      {text !== undefined && <p>{text}</p>}
    </Dialog>
  );
}
