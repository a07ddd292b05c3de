import type { Answer } from '../../api.ts';
import { Card, Loaded } from '../../components/index.ts';
import { number } from '../../format.ts';
import { useResource } from '../../resource.ts';
import { place, setQuery } from '../../router.ts';
import { MinutePlot } from './minute-plot.tsx';
import { w } from './words.ts';

type Minutes = Answer<'get', '/overview/minutes'>;

/** Sends that ended, each minute of the last hour, or every five of the last day. */
export function SendChart() {
  const day = place.value.query.get('range') === 'day';
  const minutes = useResource('/overview/minutes', {
    query: day ? { minutes: 1440, step: 5 } : { minutes: 60, step: 1 },
    topics: ['sends'],
    calmMs: 5000,
    everyMs: 20_000,
  });
  return (
    <Card
      title={w.sendsTitle}
      icon="send"
      tools={
        <fieldset class="choice ranges" aria-label={w.range}>
          <button type="button" aria-pressed={!day} onClick={() => setQuery({ range: undefined })}>
            {w.hour}
          </button>
          <button type="button" aria-pressed={day} onClick={() => setQuery({ range: 'day' })}>
            {w.day}
          </button>
        </fieldset>
      }
    >
      <Loaded of={minutes}>{(data) => <Chart data={data} />}</Loaded>
    </Card>
  );
}

function Chart({ data }: { data: Minutes }) {
  const sent = sum(data.sent);
  const failed = sum(data.failed);
  return (
    <figure class="send-chart">
      <figcaption class="row small">
        <span class="key sent">{w.sent}</span>
        <strong class="number">{number(sent)}</strong>
        <span class="key failed">{w.failed}</span>
        <strong class="number">{number(failed)}</strong>
      </figcaption>
      <MinutePlot data={data} label={w.chart(number(sent), number(failed))} />
    </figure>
  );
}

function sum(list: readonly number[]): number {
  return list.reduce((all, one) => all + one, 0);
}
