import { useState } from 'preact/hooks';
import { type Answer, api } from '../../api.ts';
import { Badge, Card, Facts, useAction } from '../../components/index.ts';
import { may } from '../../session.ts';
import { w } from './words.ts';

type Outcome = Answer<'post', '/chatbot/model/test'>;

/** One short question to the language model. */
export function Model() {
  const [outcome, setOutcome] = useState<Outcome | undefined>(undefined);
  const [busy, run] = useAction();
  const test = async (): Promise<void> => setOutcome(await api.post('/chatbot/model/test'));
  return (
    <Card title={w.testModel} icon="spark">
      <p class="faint">{w.modelAbout}</p>
      <p>
        <button
          type="button"
          class="primary"
          disabled={!may('admin')}
          aria-busy={busy}
          onClick={() => void run(test)}
        >
          {w.testModel}
        </button>
      </p>
      {/* Always there: readers say what comes into a region, not one that comes with its words. */}
      <div aria-live="polite">
        {outcome !== undefined && (
          <>
            <Badge tone={outcome.ok ? 'good' : 'bad'}>{outcome.ok ? w.modelOk : w.modelBad}</Badge>
            <Facts
              of={[
                [w.model, outcome.model ?? '–'],
                [w.answer, outcome.text === '' ? (outcome.why ?? '–') : outcome.text],
                [w.first, outcome.firstMs === null ? '–' : w.took(outcome.firstMs.toFixed(0))],
                [w.total, w.took(outcome.ms.toFixed(0))],
                [w.tokensToday, String(outcome.tokensToday)],
                ...(outcome.detail === null ? [] : [['HTTP', outcome.detail] as const]),
              ]}
            />
          </>
        )}
      </div>
    </Card>
  );
}
