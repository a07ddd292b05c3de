import type { AlarmKind } from '../../config/alarm-schema.ts';
import type { AlarmRow, AlarmState } from '../../store/alarms.ts';
import type { Text } from '../errors.ts';
import type { Trouble } from './trouble.ts';

/** One time that something is wrong, from its first sign to its end. */
export interface Episode {
  /** Rises with time. */
  id: string;
  key: string;
  kind: AlarmKind;
  subject: string;
  state: AlarmState;
  stage: number;
  /** Up to which stage somebody was told; 0: nobody was. */
  toldStage: number;
  /** It came and went too often: it is over only after a longer calm. */
  flapping: boolean;
  text: Text;
  since: number;
  raisedAt: number | undefined;
  /** Nothing has been wrong since then. */
  calmSince: number | undefined;
  overAt: number | undefined;
  ackedAt: number | undefined;
  ackedBy: string | undefined;
  note: string | undefined;
}

export interface EpisodeRules {
  clearMs: number;
  quietMs: number;
  /** So many times within the window is too often. */
  flapTimes: number;
  /** How often it was raised within the window, this time not included. */
  raisedBefore: number;
}

/** What became of an episode in one look at it. */
export interface Stepped {
  episode: Episode;
  /** It differs from before and is to be kept. */
  changed: boolean;
  /** It came to nothing. */
  dropped?: true;
}

/**
 * What a trouble, or that there is none any more, makes of an episode. Nothing outside is touched:
 * the same in, the same out.
 */
export function step(
  before: Episode,
  trouble: Trouble | undefined,
  now: number,
  rules: EpisodeRules,
): Stepped {
  if (trouble === undefined) return calm(before, now, rules);
  if (trouble.unsure === true) {
    if (before.calmSince === undefined) return { episode: before, changed: false };
    return { episode: { ...before, calmSince: undefined }, changed: true };
  }
  const seen: Episode = {
    ...before,
    stage: trouble.stage,
    text: trouble.text,
    // A clock that was set back must not make it younger than nothing.
    since: Math.min(before.since, trouble.since ?? before.since, now),
    calmSince: undefined,
  };
  if (seen.state === 'pending' && now - seen.since >= trouble.afterMs) {
    seen.state = 'raised';
    seen.raisedAt = now;
    seen.flapping = rules.raisedBefore + 1 >= rules.flapTimes;
  }
  return { episode: seen, changed: !same(before, seen) };
}

/** An episode that begins; a clock that was set back must not make it older than now. */
export function begin(id: string, trouble: Trouble, now: number): Episode {
  return {
    id,
    key: trouble.key,
    kind: trouble.kind,
    subject: trouble.subject,
    state: 'pending',
    stage: trouble.stage,
    toldStage: 0,
    flapping: false,
    text: trouble.text,
    since: Math.min(trouble.since ?? now, now),
    raisedAt: undefined,
    calmSince: undefined,
    overAt: undefined,
    ackedAt: undefined,
    ackedBy: undefined,
    note: undefined,
  };
}

function calm(before: Episode, now: number, rules: EpisodeRules): Stepped {
  // A clock that was set back must not make the calm last longer.
  const calmSince = Math.min(before.calmSince ?? now, now);
  const needed = before.flapping ? rules.quietMs : rules.clearMs;
  if (now - calmSince >= needed) {
    if (before.state === 'pending') return { episode: before, changed: false, dropped: true };
    const over: Episode = { ...before, state: 'over', calmSince, overAt: calmSince };
    return { episode: over, changed: true };
  }
  if (before.calmSince === calmSince) return { episode: before, changed: false };
  return { episode: { ...before, calmSince }, changed: true };
}

/** Texts tell numbers that change all the time: they alone are not worth a write. */
function same(a: Episode, b: Episode): boolean {
  return (
    a.state === b.state &&
    a.stage === b.stage &&
    a.since === b.since &&
    a.calmSince === b.calmSince &&
    a.flapping === b.flapping
  );
}

export function toRow(one: Episode): AlarmRow {
  return {
    id: one.id,
    key: one.key,
    kind: one.kind,
    subject: one.subject,
    state: one.state,
    stage: one.stage,
    told_stage: one.toldStage,
    flapping: one.flapping ? 1 : 0,
    text: JSON.stringify(one.text),
    since: one.since,
    raised_at: one.raisedAt ?? null,
    calm_since: one.calmSince ?? null,
    over_at: one.overAt ?? null,
    acked_at: one.ackedAt ?? null,
    acked_by: one.ackedBy ?? null,
    note: one.note ?? null,
  };
}

export function fromRow(row: AlarmRow): Episode {
  return {
    id: row.id,
    key: row.key,
    // Of our own writing.
    kind: row.kind as AlarmKind,
    subject: row.subject,
    state: row.state,
    stage: row.stage,
    toldStage: row.told_stage,
    flapping: row.flapping === 1,
    text: JSON.parse(row.text) as Text,
    since: Number(row.since),
    raisedAt: row.raised_at ?? undefined,
    calmSince: row.calm_since ?? undefined,
    overAt: row.over_at ?? undefined,
    ackedAt: row.acked_at ?? undefined,
    ackedBy: row.acked_by ?? undefined,
    note: row.note ?? undefined,
  };
}
