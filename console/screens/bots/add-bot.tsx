import { useState } from 'preact/hooks';
import { api, Fault } from '../../api.ts';
import { Area, Choice, Dialog, Form, Line, toast } from '../../components/index.ts';
import { w } from './words.ts';

/** A new bot, simulated or on a puppet. */
export function AddBot({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const [botcode, setBotcode] = useState('');
  const [name, setName] = useState('');
  const [driver, setDriver] = useState<'simulator' | 'wechaty'>('simulator');
  const [puppet, setPuppet] = useState('wechaty-puppet-service');
  const [options, setOptions] = useState('{}');
  const submit = async (): Promise<void> => {
    const own = { botcode, ...(name !== '' && { name }) };
    if (driver === 'simulator') await api.post('/bots', { body: { ...own, driver } });
    else {
      const puppetOptions = objectIn(options);
      await api.post('/bots', { body: { ...own, driver, puppet, puppetOptions } });
    }
    toast(w.added);
    onDone();
  };
  return (
    <Dialog title={w.add} onClose={onClose}>
      <Form
        submit={submit}
        action={w.add}
        fields={['botcode', 'name', 'puppet', 'puppetOptions']}
        onDone={onClose}
        onCancel={onClose}
      >
        {(fault) => (
          <>
            <Line
              label={w.code}
              hint={w.codeHint}
              error={fault('botcode')}
              required
              autofocus
              maxLength={64}
              value={botcode}
              set={setBotcode}
            />
            <Line label={w.name} error={fault('name')} value={name} set={setName} />
            <Choice
              label={w.driver}
              value={driver}
              options={[
                ['simulator', w.simulator],
                ['wechaty', w.wechaty],
              ]}
              set={setDriver}
            />
            {driver === 'wechaty' && (
              <>
                <Line
                  label={w.puppet}
                  error={fault('puppet')}
                  required
                  value={puppet}
                  set={setPuppet}
                />
                <Area
                  code
                  label={w.options}
                  error={fault('puppetOptions')}
                  value={options}
                  set={setOptions}
                />
              </>
            )}
          </>
        )}
      </Form>
    </Dialog>
  );
}

/** @throws Fault at the field */
function objectIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {}
  throw new Fault(w.badJson, 'puppetOptions');
}
