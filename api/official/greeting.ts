import { version } from '../../config/version.ts';
import { frameText, textMessage } from './frame.ts';
import { system } from './kinds.ts';
import type { OfficialWire } from './wire.ts';

/** The first frame of a connection: what a client has to know of it. Kept nowhere, so without an id. */
export function greeting({ clock, heartbeatMs }: OfficialWire): Buffer {
  const frame = {
    ...{ name: system.name, avatar: '', contactId: system.contactId, companyId: '' },
    ...{ kind: system.kind, at: clock.now() },
    msg: { event: 'connected', heartbeatMs, version },
  };
  return textMessage(frameText('', frame));
}
