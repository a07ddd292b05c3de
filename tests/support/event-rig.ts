import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEncoder, createEventBody, encodeTrial } from '../../api/commands/callbacks.ts';
import { Deliveries, type DeliveriesOptions } from '../../bot/automation/deliveries/deliveries.ts';
import { type ChannelInput, Channels } from '../../bot/channels.ts';
import { type Clock, RealClock, VirtualClock } from '../../bot/clock.ts';
import { EventLog } from '../../bot/event-log.ts';
import type { BotEvent } from '../../bot/events.ts';
import { createLogger } from '../../config/logger.ts';
import { openVault } from '../../config/secrets.ts';
import { ChannelStore } from '../../store/channels.ts';
import type { Database } from '../../store/database.ts';
import { EventStore } from '../../store/events.ts';
import { migrate } from '../../store/migrator.ts';
import { Signals } from '../../store/signals.ts';
import { SqliteDatabase } from '../../store/sqlite.ts';

export interface EventRigOptions {
  channels: ChannelInput[];
  clock?: Clock;
  /** Data of a rig before this one; its folder is then not removed. */
  folder?: string;
  wrap?: (db: Database) => Database;
  deliveries?: Partial<DeliveriesOptions>;
}

/** A rig whose deliveries run, with channel `demo` at this address unless told otherwise. */
export async function startEventRig(
  clock: Clock,
  callbackUrl: string,
  options: Partial<EventRigOptions> = {},
): Promise<EventRig> {
  const rig = await createEventRig({
    clock,
    channels: [{ chid: 'demo', callbackUrl }],
    ...options,
    deliveries: { random: () => 0.5, ...options.deliveries },
  });
  await rig.deliveries.start();
  return rig;
}

/** The parts of the daemon that events pass through, over a real database in a temp folder. */
export async function createEventRig(options: EventRigOptions) {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'wxrc-events-'));
  const clock = options.clock ?? new RealClock();
  const lines: string[] = [];
  const logger = createLogger('info', { write: (line: string) => void lines.push(line) });
  const opened = new SqliteDatabase({ file: join(folder, 'wxrc.db') });
  const db = options.wrap?.(opened) ?? opened;
  await migrate(db, { now: clock.now() });
  const vault = openVault(folder);
  const channels = new Channels({
    store: new ChannelStore(db, vault),
    vault,
    clock,
    logger,
  });
  await channels.start();
  for (const channel of options.channels) {
    if (channels.get(channel.chid) === undefined) await channels.add({ key: 'secret', ...channel });
  }
  const signals = new Signals();
  const store = new EventStore(db);
  const events = new EventLog({ store, channels, clock, signals });
  const publicUrl = () => 'http://wxrc.test';
  const deliveries = new Deliveries({
    db,
    store,
    channels,
    clock,
    logger,
    signals,
    encode: createEncoder({ publicUrl }),
    encodeTrial,
    graceMs: 100,
    ...options.deliveries,
  });
  return {
    folder,
    clock,
    logger,
    lines,
    db,
    channels,
    signals,
    store,
    events,
    deliveries,
    encodeBody: createEventBody({ publicUrl }),
    record: (...list: BotEvent[]): Promise<void> =>
      db.transaction(async (tx) => {
        for (const event of list) await events.record(tx, event);
      }),
    /** Every event of a channel as `id state`, in order. */
    states: async (chid = 'demo'): Promise<string[]> => {
      const rows = await db.read<{ event_id: number; state: string }>(
        'SELECT event_id, state FROM events WHERE chid = ? ORDER BY event_id',
        [chid],
      );
      return rows.map((row) => `${row.event_id} ${row.state}`);
    },
    /** Moves a virtual clock; whatever a timer starts ends before the next one fires. */
    pass: async (ms: number): Promise<void> => {
      if (!(clock instanceof VirtualClock)) throw new Error('the clock moves by itself');
      await deliveries.quiet();
      await clock.advance(ms, () => deliveries.quiet());
    },
    close: async (): Promise<void> => {
      await deliveries.stop();
      await db.close();
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}
export type EventRig = Awaited<ReturnType<typeof createEventRig>>;

export function sendStatus(msgid: number, botcode = 'bot01', chid = 'demo'): BotEvent {
  return {
    type: 'sendStatus',
    botcode,
    chid,
    msgid,
    txcode: `tx${msgid}`,
    sendStatus: '1',
    reason: undefined,
  };
}

export function qrCode(qrName: string, botcode = 'bot01'): BotEvent {
  return { type: 'qrCode', botcode, qrName, expiresAt: 1_800_000_000_000 };
}

export function botStatus(
  status: 'login' | 'logout' | 'loginerr' | 'off',
  botcode = 'bot01',
): BotEvent {
  return { type: 'botStatus', botcode, status, reason: undefined, accountId: undefined };
}

export function userMsg(
  text: string,
  extra: Partial<Extract<BotEvent, { type: 'userMsg' }>> = {},
): BotEvent {
  return {
    type: 'userMsg',
    botcode: 'bot01',
    messageId: `m-${text}`,
    kind: 'text',
    text,
    fromId: 'wxid_anna',
    fromName: 'Anna',
    roomId: '1@chatroom',
    mentionsSelf: true,
    at: 1_767_225_600_000,
    ...extra,
  };
}
