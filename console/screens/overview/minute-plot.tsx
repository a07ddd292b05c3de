import { useEffect, useRef, useState } from 'preact/hooks';
import type { Answer } from '../../api.ts';
import { dateTime, dayOf, minute, number } from '../../format.ts';
import { w } from './words.ts';

type Minutes = Answer<'get', '/overview/minutes'>;

const left = 40;
const right = 12;
const top = 10;
const foot = 24;

/** Two lines over time, each point so many a minute; what is under the pointer, or where arrow keys lead, is told. */
export function MinutePlot({ data, label }: { data: Minutes; label: string }) {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [at, setAt] = useState<number | undefined>(undefined);
  useEffect(() => {
    const own = frame.current;
    if (own === null) return;
    const watch = new ResizeObserver(() => setWidth(own.clientWidth));
    watch.observe(own);
    setWidth(own.clientWidth);
    return () => watch.disconnect();
  }, []);
  const height = width < 500 ? 160 : 220;
  const minutes = data.stepMs / 60_000;
  const points = data.sent.length;
  const most = roof(Math.max(...data.sent, ...data.failed, 0) / minutes);
  const x = (index: number): number =>
    left + (index / Math.max(1, points - 1)) * (width - left - right);
  const y = (value: number): number => top + (1 - value / most) * (height - top - foot);
  const line = (list: readonly number[]): string =>
    list.map((one, index) => `${x(index).toFixed(1)},${y(one / minutes).toFixed(1)}`).join(' ');
  const floor = `${x(points - 1)},${y(0)} ${x(0)},${y(0)}`;
  const point = (clientX: number): number | undefined => {
    const box = frame.current?.getBoundingClientRect();
    if (box === undefined || points === 0) return undefined;
    const share = (clientX - box.left - left) / (width - left - right);
    return Math.round(Math.min(1, Math.max(0, share)) * (points - 1));
  };
  const seen = at === undefined || at >= points ? undefined : at;
  return (
    <div
      ref={frame}
      class="send-plot"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys go along the lines
      tabIndex={0}
      role="group"
      aria-label={label}
      onPointerMove={(event) => setAt(point(event.clientX))}
      onPointerLeave={() => setAt(undefined)}
      onBlur={() => setAt(undefined)}
      onKeyDown={({ key }) => {
        const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
        if (step) setAt(Math.max(0, Math.min(points - 1, (seen ?? points) + step)));
      }}
    >
      {width > 0 && (
        <svg width={width} height={height} role="img" aria-label={label}>
          {[0, 0.25, 0.5, 0.75, 1].map((share) => (
            <g key={share}>
              <line
                class="rule"
                x1={left}
                x2={width - right}
                y1={y(most * share)}
                y2={y(most * share)}
              />
              {Number.isInteger(most * share) && (
                <text x={left - 8} y={y(most * share) + 4} text-anchor="end">
                  {number(most * share)}
                </text>
              )}
            </g>
          ))}
          {ticksOf(data, width).map((index) => (
            <text key={index} x={x(index)} y={height - 6} text-anchor="middle">
              {clockOf(data.from + index * data.stepMs)}
            </text>
          ))}
          <polygon class="sent" points={`${line(data.sent)} ${floor}`} />
          <polyline class="sent" points={line(data.sent)} />
          <polygon class="failed" points={`${line(data.failed)} ${floor}`} />
          <polyline class="failed" points={line(data.failed)} />
          {seen !== undefined && <line class="here" x1={x(seen)} x2={x(seen)} y1={top} y2={y(0)} />}
        </svg>
      )}
      <p class="plot-told small" aria-live="polite">
        {seen !== undefined &&
          `${dateTime(data.from + seen * data.stepMs)} · ${w.sent} ${number(data.sent[seen] ?? 0)} · ${w.failed} ${number(data.failed[seen] ?? 0)}`}
      </p>
    </div>
  );
}

/** A round number at or above, that four parts of can be told of. */
function roof(most: number): number {
  let size = 4;
  while (size < most) size = size.toString().startsWith('4') ? size * 2.5 : size * 2;
  return size;
}

/** Which points have their time written below: those where a round number of minutes of the day begins. */
function ticksOf({ from, stepMs, sent }: Minutes, width: number): number[] {
  const most = Math.max(2, Math.min(12, Math.floor((width - left - right) / 60)));
  const minutes = sent.map((_, index) => {
    const [hour, rest] = minute(from + index * stepMs).split(':');
    return Number(hour) * 60 + Number(rest);
  });
  for (const step of [5, 10, 15, 30, 60, 120, 180, 240, 360, 720]) {
    const part = (at = 0) => Math.floor(at / step);
    const ticks = minutes.flatMap((at, index) =>
      index > 0 && part(at) !== part(minutes[index - 1]) ? [index] : [],
    );
    if (ticks.length <= most) return ticks;
  }
  return [];
}

function clockOf(at: number): string {
  return minute(at) === '00:00' ? dayOf(at) : minute(at);
}
