import type { Item } from '../../api.ts';
import { dateTime } from '../../format.ts';
import { terms, w } from './words.ts';

type Said = Item<'/im/conversations/{id}/messages'>;

/** One thing said, as its kind is shown. Addresses of strangers are links only. */
export function Word({ word }: { word: Said }) {
  const { by, agent, agentName, at, content } = word;
  return (
    <div class={`word ${by}`}>
      <Shown content={content} />
      <span class="faint small">
        {agent !== null && `${agentName ?? agent} · `}
        <time dateTime={new Date(at).toISOString()}>{dateTime(at)}</time>
      </span>
    </div>
  );
}

const kindWords: Record<string, () => string> = {
  location: () => w.location,
  link: () => w.link,
  miniProgram: () => w.miniProgram,
  event: () => w.event,
  unknown: () => w.otherKind,
};
/** What says most of a thing, best first. */
const gists = ['title', 'label', 'name', 'address', 'event', 'text', 'url'];

function Shown({ content }: { content: Said['content'] }) {
  const { type } = content;
  const url = typeof content['url'] === 'string' ? content['url'] : '';
  if (type === 'text') return <p class="bubble">{String(content['text'] ?? '')}</p>;
  if (type === 'image' || type === 'voice' || type === 'video' || type === 'file') {
    const own = ownAddress(url);
    if (type === 'image' && own !== undefined) return <img src={own} alt={terms.image} />;
    const target = own ?? (/^https?:\/\//i.test(url) ? url : undefined);
    return (
      <p class="bubble">
        [{terms[type]}]{' '}
        {target !== undefined && (
          <a href={target} target="_blank" rel="noreferrer">
            {w.open}
          </a>
        )}
      </p>
    );
  }
  const { type: _kind, ...rest } = content;
  const gist = gists
    .map((name) => content[name])
    .find((one) => typeof one === 'string' && one !== '');
  return (
    <p class="bubble">
      [{kindWords[type]?.() ?? type}]{' '}
      {gist === undefined ? <span class="small">{JSON.stringify(rest)}</span> : String(gist)}
    </p>
  );
}

/** A file of this daemon, at whatever address it calls itself: the policy lets only those be shown. */
function ownAddress(url: string): string | undefined {
  try {
    const { pathname, search } = new URL(url, location.origin);
    return /^\/(?:file|images|api\/imbot\/image)\//.test(pathname) ? pathname + search : undefined;
  } catch {
    return undefined;
  }
}
