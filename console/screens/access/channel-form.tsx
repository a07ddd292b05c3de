import { useState } from 'preact/hooks';
import { api } from '../../api.ts';
import { Choice, Dialog, Form, Line, Note } from '../../components/index.ts';
import { common } from '../../words/common.ts';
import type { Channel } from './channels.tsx';
import { w } from './words.ts';

const shown = ['chid', 'name', 'callbackUrl', 'bots', 'commands', 'addresses', 'ratePerMinute'];

/** Makes a channel, whose key is shown once, or changes one. */
export function ChannelForm(props: {
  channel: Channel | undefined;
  onClose: () => void;
  onDone: (key: string | undefined) => void;
}) {
  const { channel, onClose, onDone } = props;
  const [chid, setChid] = useState(channel?.chid ?? '');
  const [name, setName] = useState(channel?.name ?? '');
  const [url, setUrl] = useState(channel?.callbackUrl ?? '');
  const [bots, setBots] = useState(textOf(channel?.bots ?? '*'));
  const [commands, setCommands] = useState(textOf(channel?.commands ?? '*'));
  const [addresses, setAddresses] = useState(channel?.addresses.join(', ') ?? '');
  const [rate, setRate] = useState(String(channel?.ratePerMinute ?? 0));
  const [format, setFormat] = useState<'form' | 'json'>(channel?.callbackFormat ?? 'form');
  const [ack, setAck] = useState<'body' | 'status'>(channel?.callbackAck ?? 'body');
  const [key, setKey] = useState<string | undefined>(undefined);
  const save = async (): Promise<void> => {
    const facts = {
      bots: allOrList(bots),
      commands: allOrList(commands),
      addresses: listOf(addresses),
      ratePerMinute: Number(rate),
      callbackFormat: format,
      callbackAck: ack,
    };
    if (channel === undefined) {
      const made = await api.post('/channels', {
        body: {
          ...facts,
          chid,
          ...(name !== '' && { name }),
          ...(url !== '' && { callbackUrl: url }),
        },
      });
      setKey(made.key);
      onDone(made.key);
      return;
    }
    await api.patch('/channels/{chid}', {
      params: { chid: channel.chid },
      body: { ...facts, name: name === '' ? null : name, callbackUrl: url === '' ? null : url },
    });
    onDone(key);
  };
  const texts = [
    ['name', w.name, name, setName],
    ['callbackUrl', w.callbackUrl, url, setUrl],
    ['bots', w.bots, bots, setBots],
    ['commands', w.commands, commands, setCommands],
    ['addresses', w.addresses, addresses, setAddresses],
    ['ratePerMinute', w.rate, rate, setRate],
  ] as const;
  return (
    <Dialog
      wide
      title={channel === undefined ? w.newChannel : `${w.editChannel} ${channel.chid}`}
      onClose={onClose}
    >
      {channel?.source === 'config' && <Note tone="info">{w.fromConfig}</Note>}
      <Form submit={save} action={common.save} fields={shown} onCancel={onClose}>
        {(fault) => (
          <>
            {channel === undefined && (
              <Line label={w.chid} required error={fault('chid')} value={chid} set={setChid} />
            )}
            {texts.map(([field, label, value, set]) => (
              <Line key={field} label={label} error={fault(field)} value={value} set={set} />
            ))}
            <div class="fields">
              <Choice
                label={w.format}
                value={format}
                options={[
                  ['form', 'form'],
                  ['json', 'json'],
                ]}
                set={setFormat}
              />
              <Choice
                label={w.ack}
                value={ack}
                options={[
                  ['body', w.ackBody],
                  ['status', w.ackStatus],
                ]}
                set={setAck}
              />
            </div>
          </>
        )}
      </Form>
    </Dialog>
  );
}

function textOf(value: string | readonly string[]): string {
  return typeof value === 'string' ? value : value.join(', ');
}

function listOf(text: string): string[] {
  return text.split(/[,，\s]+/).filter((one) => one !== '');
}

function allOrList(text: string): '*' | string[] {
  return text.trim() === '*' ? '*' : listOf(text);
}
