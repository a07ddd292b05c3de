import type { HttpLoadResult } from './http-load.ts';
import type { LoadResult } from './load.ts';

/** One load run on one server. */
export interface Run<L extends HttpLoadResult = LoadResult> {
  load: L;
  cpuSeconds: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** Figures of one server; ratios are medians of the ratios of neighbouring rounds. */
export function row<L extends HttpLoadResult>(
  name: string,
  results: Map<string, Run<L>[]>,
  yardstick: string,
): string[] {
  const runs = results.get(name) ?? [];
  const base = results.get(yardstick) ?? [];
  const ratio = (pick: (run: Run<L>) => number): string =>
    median(runs.map((run, index) => pick(run) / pick(base[index] ?? run))).toFixed(2);
  const perCpu = (run: Run<L>): number => run.load.requests / Math.max(run.cpuSeconds, 0.01);
  return [
    name,
    String(median(runs.map((run) => run.load.perSecond))),
    ratio((run) => run.load.perSecond),
    String(Math.round(median(runs.map(perCpu)))),
    ratio(perCpu),
    median(runs.map((run) => run.load.p50)).toFixed(1),
    median(runs.map((run) => run.load.p99)).toFixed(1),
    ratio((run) => run.load.p99),
    median(runs.map((run) => run.cpuSeconds)).toFixed(2),
    String(runs.reduce((sum, run) => sum + run.load.refused, 0)),
  ];
}

const head = [
  'server',
  'req/s',
  '×',
  'req/CPU-s',
  '×',
  'p50 ms',
  'p99 ms',
  'p99 ×',
  'CPU-s',
  'refused',
];

export function table(rows: string[][]): string {
  const all = [head, ...rows];
  const widths = head.map((_, at) =>
    Math.max(...all.map((cells) => [...(cells[at] ?? '')].length)),
  );
  return all
    .map((cells) => cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  '))
    .join('\n');
}
