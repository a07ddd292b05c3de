import { visibleLine } from '../../config/visible.ts';

/** Where a command writes: results to `out`, everything else to `err`. */
export interface Streams {
  out: { write(text: string): unknown; isTTY?: boolean };
  err: { write(text: string): unknown };
}

export type Cell = string | number | boolean | null | undefined;

/** A table with aligned columns, Chinese counted as the two places it takes. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const cells = [head, ...rows].map((row) => row.map(show));
  const widths = head.map((_title, at) => Math.max(...cells.map((row) => widthOf(row[at] ?? ''))));
  return cells
    .map((row) =>
      row
        .map((cell, at) => pad(cell, widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Of several lines those behind the first stand further in: they are no lines of ours. */
export function indented(text: string): string {
  return text.trimEnd().replaceAll(/\r?\n/g, '\n    ');
}

/** `2026-01-02 03:04:05` in the zone; `-` when there is none. */
export function formatTime(at: number | null | undefined, timezone: string): string {
  if (at == null) return '-';
  // The Swedish spelling of a date is the ISO one.
  return new Intl.DateTimeFormat('sv-SE', {
    timeZone: timezone,
    dateStyle: 'short',
    timeStyle: 'medium',
  }).format(at);
}

/** A length of time, short: `350ms` `12s` `5m` `3h` `2d`. */
export function formatAge(ms: number | null | undefined): string {
  if (ms == null) return '-';
  if (ms < 1000) return `${Math.round(ms)}ms`;
  const seconds = ms / 1000;
  if (seconds < 120) return `${Math.round(seconds)}s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)}m`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)}h`;
  return `${Math.round(seconds / 86_400)}d`;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes / 1024;
  let at = 0;
  for (; value >= 1024 && at < units.length - 1; at += 1) value /= 1024;
  return `${value.toFixed(1)} ${units[at] ?? ''}`;
}

function show(cell: Cell): string {
  return cell == null || cell === '' ? '-' : visibleLine(String(cell));
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

function widthOf(text: string): number {
  let width = 0;
  for (const char of text)
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/.test(
        char,
      )
        ? 2
        : 1;
  return width;
}
