import { Code, Dialog, Note } from '../../components/index.ts';

/** A secret that was just made: it is shown here and never again. */
export function ShownOnce(props: {
  title: string;
  text: string;
  secret: string;
  onClose: () => void;
}) {
  const { title, text, secret, onClose } = props;
  return (
    <Dialog title={title} onClose={onClose}>
      <Note tone="warn">{text}</Note>
      <Code text={secret} name={title} />
    </Dialog>
  );
}
