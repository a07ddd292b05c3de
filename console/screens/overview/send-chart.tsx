import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Answer } from '../../api.ts';
import { Card, Loaded } from '../../components/index.ts';
import { date, minute, number } from '../../format.ts';
import { language } from '../../i18n.ts';
import { useResource } from '../../resource.ts';
import { place, setQuery } from '../../router.ts';
import { looks } from '../../theme.ts';
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
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const sent = sum(data.sent);
  const failed = sum(data.failed);
  // Colours and words are drawn once: another theme or language draws anew.
  const look = `${looks.value} ${language.value} ${data.stepMs}`;
  useEffect(() => {
    const own = frame.current;
    if (own === null) return;
    const chart = new uPlot(optionsOf(own), series(data), own);
    plot.current = chart;
    const watch = new ResizeObserver(() => {
      chart.setSize({ width: own.clientWidth, height: heightOf(own) });
    });
    watch.observe(own);
    return () => {
      watch.disconnect();
      chart.destroy();
      plot.current = undefined;
    };
  }, [look]);
  useEffect(() => plot.current?.setData(series(data)), [data]);
  return (
    <figure class="send-chart">
      <figcaption class="row small">
        <span class="key sent">{w.sent}</span>
        <strong class="number">{number(sent)}</strong>
        <span class="key failed">{w.failed}</span>
        <strong class="number">{number(failed)}</strong>
      </figcaption>
      <div
        ref={frame}
        class="send-plot"
        role="img"
        aria-label={w.chart(number(sent), number(failed))}
      />
    </figure>
  );
}

/** Per minute, whatever one point covers. */
function series({ from, stepMs, sent, failed }: Minutes): uPlot.AlignedData {
  const minutes = stepMs / 60_000;
  const times = sent.map((_count, index) => (from + index * stepMs) / 1000);
  return [times, sent.map((one) => one / minutes), failed.map((one) => one / minutes)];
}

function optionsOf(frame: HTMLElement): uPlot.Options {
  const style = getComputedStyle(frame);
  // A canvas knows no tokens: it is told the colours they stand for.
  const colour = (name: string): string => {
    frame.style.color = `var(--${name})`;
    const seen = getComputedStyle(frame).color;
    frame.style.color = '';
    return seen;
  };
  const [good, bad, faint, line] = ['accent', 'bad', 'faint', 'line'].map(colour);
  const font = `12px ${style.fontFamily}`;
  const axis = {
    ...{ font, stroke: faint, size: 40 },
    grid: { stroke: line, width: 1 },
    ticks: { show: false },
  };
  const at = (seconds: number): string => {
    const ms = seconds * 1000;
    return minute(ms) === '00:00' ? date(ms).slice(5) : minute(ms);
  };
  return {
    width: frame.clientWidth,
    height: heightOf(frame),
    padding: [10, 24, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
    scales: { y: { range: (_own, _min, max) => [0, Math.max(4, (max ?? 0) * 1.15)] } },
    axes: [
      { ...axis, size: 28, values: (_own, splits) => splits.map(at), space: 70 },
      {
        ...axis,
        values: (_own, splits) => splits.map((one) => (Number.isInteger(one) ? number(one) : '')),
      },
    ],
    series: [
      {},
      {
        ...{ label: w.sent, width: 1.5, points: { show: false } },
        ...(good !== undefined && { stroke: good, fill: faded(good) }),
      },
      {
        ...{ label: w.failed, width: 1.5, points: { show: false } },
        ...(bad !== undefined && { stroke: bad, fill: faded(bad) }),
      },
    ],
  };
}

function faded(colour: string): string {
  return colour.replace(/^rgb\((.*)\)$/, 'rgba($1, 0.14)');
}

function heightOf(frame: HTMLElement): number {
  return frame.clientWidth < 500 ? 160 : 220;
}

function sum(list: readonly number[]): number {
  return list.reduce((all, one) => all + one, 0);
}
