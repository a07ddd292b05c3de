import { isCustomerNumber } from '../../../bot/im/customers.ts';
import { Command } from './commands.ts';
import { type ClientConnection, CloseCode } from './connection.ts';
import type { Frame } from './frame-reader.ts';

interface Login {
  /** 1 iOS, 2 Android, 3 web, 4 desktop or server, 5 mac. */
  platform: number;
  token: string;
  deviceId: string;
}

const web = 3;
const accepted = 0;
const refused = 1;

/** Whoever is logged in stays who he is. After a refusal the client may try again. */
export function handleLogin(connection: ClientConnection, frame: Frame): string | undefined {
  const login = readLogin(frame.body);
  if (login === undefined) return 'body too short';
  if (connection.loggedIn) return undefined;
  // What comes right behind belongs to the user who is being found.
  connection.hold();
  logIn(connection, login, frame.version).then(
    () => connection.release(),
    (error: unknown) => {
      connection.wire.logger.error({ err: error }, 'login failed');
      connection.close('login failed', CloseCode.failed);
    },
  );
  return undefined;
}

async function logIn(connection: ClientConnection, login: Login, version: number): Promise<void> {
  const { users, devices, customers } = connection.wire.im;
  const { platform, token, deviceId } = login;
  let user = await users.authenticate(token);
  let device = 0;
  let customer = false;
  const named = platform !== web && deviceId !== '';
  if (user !== undefined && (named || isCustomerNumber(user.uid))) {
    customer = await customers.includes(user);
    if (named) device = await devices.of(platform, deviceId);
    // The token may have ended meanwhile.
    user = await users.authenticate(token);
  }
  if (connection.closed) return;
  // Nobody is user 0: it stands for the system.
  if (user === undefined || user.uid === 0) {
    connection.begin(Command.authStatus, 4).int32(refused);
    return;
  }
  connection.enter(user, { device, platform, version, customer });
  connection.begin(Command.authStatus, 4).int32(accepted);
}

/** Platform, length of the token, token, length of the device id, device id. */
function readLogin(body: Buffer): Login | undefined {
  const tokenEnd = 2 + body.readUInt8(1);
  if (body.length <= tokenEnd) return undefined;
  const deviceEnd = tokenEnd + 1 + body.readUInt8(tokenEnd);
  if (body.length < deviceEnd) return undefined;
  return {
    platform: body.readUInt8(0),
    token: body.toString('utf8', 2, tokenEnd),
    deviceId: body.toString('utf8', tokenEnd + 1, deviceEnd),
  };
}
