import { reaches } from '../../../bot/im/customers.ts';
import type { Message, Parties, User } from '../../../bot/im/message.ts';
import { AckStatus, Command, Flag } from './commands.ts';
import { answerStored, isOwn } from './commands-sending.ts';
import { ClientConnection } from './connection.ts';
import { type Frame, readInt64 } from './frame-reader.ts';
import { writeAck } from './messages.ts';
import { whenKnown } from './permission.ts';

/** `others`: the customer is somebody else's to answer. */
type May = 'yes' | 'no' | 'others';
const refusals = { no: AckStatus.nobody, others: AckStatus.notYours } as const;

/** Something said to customer service or by it. */
interface Said {
  kind: 'customer' | 'toDesk' | 'fromDesk';
  to: User;
  parties: Parties;
  content: Buffer;
}

/**
 * From a user to one of another application, or of the same. Only where one of the two serves the
 * customers of the other's application at a desk; the original drops others without a word.
 */
export function handleCustomer(connection: ClientConnection, frame: Frame): string | undefined {
  const { body, seq } = frame;
  const senderApp = readInt64(body, 0);
  const receiverApp = readInt64(body, 16);
  const receiver = readInt64(body, 24);
  if (![receiverApp, receiver].every(Number.isSafeInteger)) return 'number too large';
  if (!isOwn(connection, seq, readInt64(body, 8), senderApp)) return undefined;
  const said: Said = {
    kind: 'customer',
    to: { appid: receiverApp, uid: receiver },
    parties: { senderApp, receiverApp },
    content: body.subarray(36),
  };
  say(connection, frame, said, async () => {
    const { apps, desks } = connection.wire.im;
    if (receiver <= 0) return 'no';
    // One of the two is a seller at a desk that the other's application comes to.
    for (const desk of await desks.list()) {
      const isSeller = async (appid: number, uid: number): Promise<boolean> =>
        desk.appid === appid && (await desks.sellers(desk.storeId)).some((one) => one.uid === uid);
      const toSeller = reaches(apps, senderApp, desk);
      if (toSeller && (await isSeller(receiverApp, receiver))) return 'yes';
      const bySeller = reaches(apps, receiverApp, desk);
      if (bySeller && (await isSeller(senderApp, connection.uid)))
        return mayAnswer(connection, said);
    }
    return 'no';
  });
  return undefined;
}

/** Between a customer and a seller at a desk, as clients before 2021 say it. */
export function handleOldCustomer(connection: ClientConnection, frame: Frame): string | undefined {
  const { body, seq, command } = frame;
  const [customerApp, customer, storeId, seller] = [0, 8, 16, 24].map((at) => readInt64(body, at));
  if (!isExact(customerApp) || !isExact(customer) || !isExact(storeId) || !isExact(seller)) {
    return 'number too large';
  }
  const { apps, desks } = connection.wire.im;
  const byCustomer = command === Command.oldCustomer;
  const sender = byCustomer ? customer : seller;
  if (!isOwn(connection, seq, sender, byCustomer ? customerApp : undefined)) return undefined;
  const said: Said = {
    kind: byCustomer ? 'toDesk' : 'fromDesk',
    to: { appid: customerApp, uid: customer },
    parties: { customerApp, customer, storeId, seller },
    content: body.subarray(36),
  };
  say(connection, frame, said, async () => {
    const desk = await desks.get(storeId);
    if (desk === undefined || !reaches(apps, customerApp, desk) || customer <= 0) return 'no';
    const sells = (await desks.sellers(storeId)).some((one) => one.uid === seller);
    if (byCustomer) {
      // One who works there no more, or never did, is not written to: somebody else answers.
      const uid = sells ? seller : (await desks.supporter(connection, storeId))?.uid;
      if (uid === undefined) return 'no';
      said.to = { appid: desk.appid, uid };
      said.parties = { ...said.parties, seller: uid };
      return 'yes';
    }
    if (desk.appid !== connection.appid || !sells) return 'no';
    return mayAnswer(connection, said);
  });
  return undefined;
}

/** Of those who came by other ways each has one who answers. */
async function mayAnswer({ wire, uid }: ClientConnection, { to }: Said): Promise<May> {
  return (await wire.im.overhearing.mayAnswer(uid, to)) ? 'yes' : 'others';
}

function say(
  connection: ClientConnection,
  frame: Frame,
  said: Said,
  may: () => Promise<May>,
): void {
  whenKnown(connection, may(), (answer) => {
    if (answer === 'yes') pass(connection, frame, said);
    else writeAck(connection, frame.seq, refusals[answer]);
  });
}

function pass(connection: ClientConnection, frame: Frame, said: Said): void {
  const { appid, uid: sender, wire } = connection;
  const { kind, to, parties, content } = said;
  if (kind !== 'customer' && (frame.flags & Flag.unpersistent) !== 0) {
    passLive(connection, said);
    writeAck(connection, frame.seq, AckStatus.ok);
    return;
  }
  const draft = { appid, sender, receiver: to.uid, content, session: connection };
  connection.storing();
  wire.im.sender.customer({ ...draft, kind, to, parties }, (error, status, _outcome, own) => {
    answerStored(connection, frame.seq, { error, status, key: own });
  });
}

/** To those sessions that are online; not stored. */
function passLive(connection: ClientConnection, { kind, to, parties, content }: Said): void {
  const { appid, uid: sender, device, wire } = connection;
  const at = wire.clock.now();
  const receiver = to.uid;
  const message: Message = {
    ...{ id: 0, appid, kind, sender, receiver, device, clientId: 0, parties, content, at },
  };
  for (const session of wire.im.hub.of(to.appid, to.uid)) {
    if (session instanceof ClientConnection) session.live(message);
  }
}

function isExact(value: number | undefined): value is number {
  return Number.isSafeInteger(value);
}
