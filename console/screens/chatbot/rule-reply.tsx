import { Area, Line } from '../../components/index.ts';
import type { Rule } from './rules.tsx';
import { w } from './words.ts';

export type Reply = Rule['reply'];
export const replyTypes = ['text', 'image', 'card', 'handover', 'webhook'] as const;

const names: Record<Reply['type'], () => string> = {
  text: () => w.replyText,
  image: () => w.replyImage,
  card: () => w.replyCard,
  handover: () => w.replyHandover,
  webhook: () => w.replyWebhook,
};

export function replyWord(type: Reply['type']): string {
  return names[type]();
}

export function emptyReply(type: Reply['type']): Reply {
  switch (type) {
    case 'text':
      return { type, text: '' };
    case 'image':
    case 'webhook':
      return { type, url: '' };
    case 'handover':
      return { type };
    case 'card':
      return {
        ...{ type, appid: '', username: '', title: '', description: '' },
        ...{ pagePath: '', thumbUrl: '' },
      };
  }
}

const cardFields = [
  ['appid', () => w.appid],
  ['username', () => w.username],
  ['title', () => w.cardTitle],
  ['description', () => w.description],
  ['pagePath', () => w.pagePath],
  ['thumbUrl', () => w.thumbUrl],
  ['thumbKey', () => w.thumbKey],
] as const;

/** The fields of a reply of its type. */
export function ReplyFields(props: {
  reply: Reply;
  change: (reply: Reply) => void;
  fault: (field: string) => string | undefined;
}) {
  const { reply, change, fault } = props;
  switch (reply.type) {
    case 'text':
      return (
        <Area
          label={w.replyText}
          required
          error={fault('reply.text')}
          rows={5}
          value={reply.text}
          set={(text) => change({ ...reply, text })}
        />
      );
    case 'image':
    case 'webhook':
      return (
        <Line
          label={w.url}
          required
          error={fault('reply.url')}
          inputMode="url"
          placeholder="https://"
          value={reply.url}
          set={(url) => change({ ...reply, url })}
        />
      );
    case 'handover':
      return (
        <>
          <Line
            label={w.desk}
            error={fault('reply.storeId')}
            inputMode="numeric"
            value={String(reply.storeId ?? '')}
            set={(given) => {
              const { storeId: _before, ...rest } = reply;
              change(given === '' ? rest : { ...rest, storeId: Number(given) });
            }}
          />
          <Line
            label={w.saidBefore}
            error={fault('reply.text')}
            value={reply.text ?? ''}
            set={(text) => {
              const { text: _before, ...rest } = reply;
              change(text === '' ? rest : { ...rest, text });
            }}
          />
        </>
      );
    case 'card':
      return (
        <div class="fields">
          {cardFields.map(([name, label]) => (
            <Line
              key={name}
              label={label()}
              required={name !== 'description' && name !== 'thumbKey'}
              error={fault(`reply.${name}`)}
              value={reply[name] ?? ''}
              set={(text) => {
                const { thumbKey: _before, ...rest } = reply;
                change(name === 'thumbKey' && text === '' ? rest : { ...reply, [name]: text });
              }}
            />
          ))}
        </div>
      );
  }
}
