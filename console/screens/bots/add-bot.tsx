import { useState } from 'preact/hooks';
import { ApiError, api } from '../../api.ts';
import { Dialog, Field, Form, toast } from '../../components/index.ts';
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
            <Field label={w.code} hint={w.codeHint} error={fault('botcode')} required>
              {(own) => (
                <input
                  {...own}
                  autofocus
                  maxLength={64}
                  value={botcode}
                  onInput={(event) => setBotcode(event.currentTarget.value)}
                />
              )}
            </Field>
            <Field label={w.name} error={fault('name')}>
              {(own) => (
                <input
                  {...own}
                  value={name}
                  onInput={(event) => setName(event.currentTarget.value)}
                />
              )}
            </Field>
            <Field label={w.driver}>
              {(own) => (
                <select
                  {...own}
                  value={driver}
                  onChange={(event) =>
                    setDriver(event.currentTarget.value === 'wechaty' ? 'wechaty' : 'simulator')
                  }
                >
                  <option value="simulator">{w.simulator}</option>
                  <option value="wechaty">{w.wechaty}</option>
                </select>
              )}
            </Field>
            {driver === 'wechaty' && (
              <>
                <Field label={w.puppet} error={fault('puppet')} required>
                  {(own) => (
                    <input
                      {...own}
                      value={puppet}
                      onInput={(event) => setPuppet(event.currentTarget.value)}
                    />
                  )}
                </Field>
                <Field label={w.options} error={fault('puppetOptions')}>
                  {(own) => (
                    <textarea
                      {...own}
                      class="mono"
                      value={options}
                      onInput={(event) => setOptions(event.currentTarget.value)}
                    />
                  )}
                </Field>
              </>
            )}
          </>
        )}
      </Form>
    </Dialog>
  );
}

/** @throws ApiError at the field */
function objectIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {}
  throw new ApiError(0, w.badJson, { field: 'puppetOptions' });
}
