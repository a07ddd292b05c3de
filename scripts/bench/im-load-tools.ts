import { ImClient } from './im-client.ts';
import type { Confirms } from './im-client-types.ts';
import type { Place } from './im-socket.ts';

export type Tell = (what: object) => void;

/** For a load that measures nothing any more once something is not as it must be. */
export function giveUp(what: string): never {
  process.stderr.write(`load: ${what}\n`);
  process.exit(1);
}

export interface Who {
  uid: number;
  token: string;
  confirms: Confirms;
  /** A super group it is in. */
  gid?: number | undefined;
}

/** A client that is logged in and has fetched what waited. */
export async function openClient(
  place: Place,
  { uid, token, confirms, gid }: Who,
): Promise<ImClient> {
  const client = new ImClient({ ...place, uid, token, confirms });
  client.onFault = giveUp;
  client.onClose = (reason) => reason === undefined || giveUp(`${uid}: ${reason}`);
  client.onLogin = (accepted) => accepted || giveUp(`${uid} was refused`);
  if (gid !== undefined) client.groupKeys.set(gid, 0);
  client.open();
  // Told of more at the end of a sync, it asks again.
  do await answered(client);
  while (client.syncing);
  return client;
}

/** Resolves when the server has answered everything so far. */
export function answered(client: ImClient): Promise<void> {
  client.ping();
  return new Promise((resolve) => {
    client.onPong = resolve;
  });
}

/** JSON as clients say it, of so many bytes. */
export function textOf(bytes: number): Buffer {
  const begin = '{"text":"';
  return Buffer.from(
    `${begin}${'the order has left the house '.repeat(2000)}`.slice(0, bytes - 2).concat('"}'),
  );
}

export interface Times {
  p50: number;
  p99: number;
  max: number;
}

/** Of milliseconds. */
export function timesOf(latencies: number[]): Times {
  const sorted = Float64Array.from(latencies).sort();
  const at = (share: number): number => {
    const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
    return Math.round(value * 100) / 100;
  };
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Resolves when whoever started us lets us end. */
export function letGo(): Promise<void> {
  return new Promise((resolve) => {
    process.stdin.once('end', resolve);
    process.stdin.resume();
  });
}
