import { useState } from 'preact/hooks';
import { api, type Item } from '../../api.ts';
import { Area, Badge, Card, Dialog, Form, Line, Loaded } from '../../components/index.ts';
import { useResource } from '../../resource.ts';
import { may } from '../../session.ts';
import { targetsOf } from './targets.ts';
import { terms, w } from './words.ts';

type Example = Item<'/report-examples'>;

/** Reports that come with the product: each needs to be told where it goes. */
export function Examples() {
  const [open, setOpen] = useState<Example | undefined>(undefined);
  const examples = useResource('/report-examples', { topics: ['runs'] });
  return (
    <div class="stack">
      <p class="faint">{w.exampleAbout}</p>
      <Loaded of={examples}>
        {({ items }) => (
          <div class="grid">
            {items.map((one) => (
              <Card
                key={one.name}
                title={one.title}
                tools={
                  one.enabled ? (
                    <Badge tone="good">{w.enabledAlready}</Badge>
                  ) : (
                    may('operator') && (
                      <button type="button" class="primary" onClick={() => setOpen(one)}>
                        {w.enable}
                      </button>
                    )
                  )
                }
              >
                <p class="mono small">{one.settings.expr}</p>
                <p class="faint small">{terms[one.settings.output ?? 'text']}</p>
              </Card>
            ))}
          </div>
        )}
      </Loaded>
      {open !== undefined && (
        <Enable
          example={open}
          onClose={() => setOpen(undefined)}
          onDone={() => {
            setOpen(undefined);
            examples.reload();
          }}
        />
      )}
    </div>
  );
}

function Enable(props: { example: Example; onClose: () => void; onDone: () => void }) {
  const { example, onClose, onDone } = props;
  const [targets, setTargets] = useState('');
  const [expr, setExpr] = useState(example.settings.expr);
  const save = async (): Promise<void> => {
    await api.post('/report-examples/{name}/enable', {
      params: { name: example.name },
      body: { targets: targetsOf(targets), expr },
    });
  };
  return (
    <Dialog title={example.title} onClose={onClose}>
      <Form
        submit={save}
        action={w.enable}
        fields={['targets', 'expr']}
        onCancel={onClose}
        onDone={onDone}
      >
        {(fault) => (
          <>
            <Area
              label={w.targetsField}
              hint={w.targetsHint}
              required
              error={fault('targets')}
              rows={3}
              value={targets}
              set={setTargets}
            />
            <Line
              label={w.expr}
              hint={w.exprHint}
              error={fault('expr')}
              value={expr}
              set={setExpr}
            />
          </>
        )}
      </Form>
    </Dialog>
  );
}
