import './conversations.css';
import { Card, Empty, Head } from '../../components/index.ts';
import { TalkList } from './talk-list.tsx';
import { Thread } from './thread.tsx';
import { w } from './words.ts';

/** Conversations with customers: all of them, and the one that is open. */
export function Screen({ id = '' }: Record<string, string>) {
  return (
    <div class="stack">
      <Head title={w.title} about={w.about} />
      <div class={id === '' ? 'talks' : 'talks open'}>
        <TalkList open={id} />
        {id === '' ? (
          <Card>
            <Empty icon="chat">{w.choose}</Empty>
          </Card>
        ) : (
          <Thread key={id} id={Number(id)} />
        )}
      </div>
    </div>
  );
}
