import type { Clock } from '../../bot/clock.ts';
import type { Language } from '../../bot/errors.ts';
import type { Official } from '../../bot/official/official.ts';
import type { Config } from '../../config/config.ts';
import type { Logger } from '../../config/logger.ts';
import type { Access } from '../middleware/access.ts';
import type { UpgradeHandler } from '../sockets/upgrades.ts';
import { Asker } from './asker.ts';
import { CloseCode } from './close-code.ts';
import { OfficialConnection } from './connection.ts';
import { Connections } from './connections.ts';
import type { OfficialMeter } from './meter.ts';
import { Outlet } from './outlet.ts';
import { createPeerOf } from './peer.ts';
import { Speller } from './speller.ts';
import { createUpgradeHandler } from './upgrade.ts';
import type { OfficialCore, OfficialWire } from './wire.ts';

export interface OfficialSocketsOptions {
  im: OfficialCore;
  official: Official;
  access: Access;
  settings: Config['official'];
  publicUrl: () => string;
  meter: OfficialMeter;
  clock: Clock;
  logger: Logger;
  language: Language;
  /** Bytes that may wait for a client that reads slowly. */
  maxPending?: number;
  /** Time for clients to take what was written to them when the daemon stops. */
  farewellMs?: number;
}

export interface OfficialSockets {
  /** For upgrades to the addresses of the family; before `start` and after `stop` they get 503. */
  readonly upgrade: UpgradeHandler;
  readonly connections: number;
  start(): void;
  /** Stores and delivers what has come, then closes every connection. */
  stop(): Promise<void>;
}

/** The doors for clients of the official-account component. */
export function createOfficialSockets(options: OfficialSocketsOptions): OfficialSockets {
  const { im, official, access, settings, publicUrl, meter } = options;
  const { clock, logger, language, maxPending = 1_048_576, farewellMs = 1000 } = options;
  const { heartbeatMs, foldKinds } = settings;
  const connections = new Connections(clock, heartbeatMs);
  const peerOf = createPeerOf(im.names, im.conversations);
  const wire: OfficialWire = {
    ...{ im, official, connections, meter, clock, logger, language },
    ...{ heartbeatMs, maxPending },
    speller: new Speller({ peerOf, foldKinds, publicUrl }),
    outlet: new Outlet(),
    asker: new Asker(clock),
  };
  let open = false;
  return {
    upgrade: createUpgradeHandler({ wire, access, settings, isOpen: () => open }),
    get connections() {
      return connections.size;
    },
    start() {
      open = true;
      connections.start();
    },
    async stop() {
      open = false;
      const all = [...connections].filter((one) => one instanceof OfficialConnection);
      for (const one of all) one.pause();
      await im.log.drain();
      wire.outlet.drain();
      for (const one of all) one.close('stopping', CloseCode.stopping, 'stopping');
      await connections.emptied(farewellMs);
      for (const one of [...connections]) one.destroy('stopping');
      // Their sockets tell it a turn later.
      await connections.emptied(farewellMs);
      connections.stop();
      wire.asker.stop();
    },
  };
}
