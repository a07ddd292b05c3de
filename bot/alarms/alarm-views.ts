import type { AlarmLane } from '../../config/alarm-schema.ts';
import type {
  AlarmMessageRow,
  AlarmMessageStore,
  AlarmTryRow,
} from '../../store/alarm-messages.ts';
import { type LaneView, targetOf } from './lanes/lane.ts';

/** A message that people were told, or are to be, with every try. */
export interface Told {
  message: AlarmMessageRow;
  tries: AlarmTryRow[];
}

export async function toldOf(messages: AlarmMessageStore, alarm: string): Promise<Told[]> {
  const rows = await messages.ofAlarm(alarm);
  return Promise.all(
    rows.map(async (message) => ({
      message,
      tries: message.batch === null ? [] : await messages.triesOf(message.batch),
    })),
  );
}

export async function viewLane(
  messages: AlarmMessageStore,
  settings: AlarmLane,
  used: (lane: string) => number,
): Promise<LaneView> {
  const { name, kind } = settings;
  const facts = await messages.factsOf(name);
  return {
    name,
    kind,
    target: targetOf(settings),
    toldLastHour: used(name),
    lastOkAt: facts.last_ok_at,
    lastErrorAt: facts.last_error_at,
    lastError: facts.last_error,
  };
}
