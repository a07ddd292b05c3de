export interface RunView {
  schedule: string;
  slot: number;
  cause: string;
  state: string;
  reason: string | null;
  rows: number | null;
  targets: { messages: { msgid: number; state: string }[] }[];
}

export interface ScheduleView {
  name: string;
  source: string;
  enabled: boolean;
  paused: boolean;
  pausedReason: string | null;
  fault: string | null;
  warnings: string[];
  zone: string;
  nextAt: number | null;
  last: RunView | null;
  settings: { kind: string; expr: string };
}

export const schedules = '/api/v1/schedules';

export function reportPath(name: string, rest = ''): string {
  return `${schedules}/${encodeURIComponent(name)}${rest}`;
}
