import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './support/eventually.ts';
import type { GobelieveConnection } from './support/gobelieve-connection.ts';
import {
  authBody,
  command,
  encodeFrame,
  type Frame,
  pack,
  saidBody,
} from './support/gobelieve-frames.ts';
import { GobelieveScene, texts } from './support/gobelieve-scene.ts';

let scene: GobelieveScene;

beforeAll(async () => {
  scene = await GobelieveScene.start();
});
afterEach(() => scene.hangUp());
afterAll(() => scene?.close());

/** The server's answers as they came, in hex. */
function hexOf(connection: GobelieveConnection): string[] {
  return connection.frames.map((frame) => encodeFrame(frame).toString('hex'));
}

function frames(connection: GobelieveConnection, count: number): Promise<Frame[]> {
  return eventually(
    `${count} frames`,
    () => connection.frames.length >= count && connection.frames,
  );
}

/** The bytes of one frame. */
function bytes(number: number, body?: Buffer, version = 2, seq = 1): Buffer {
  return encodeFrame({ command: number, seq, version, flags: 0, body: body ?? Buffer.alloc(0) });
}

/** All that clients may say, and how short its body may be in version 2. */
const said: ReadonlyMap<number, number> = new Map([
  [command.peer, 24],
  [command.ack, 4],
  [command.group, 24],
  [command.ping, 0],
  [command.authToken, 3],
  [command.realtime, 16],
  [command.enterRoom, 8],
  [command.leaveRoom, 8],
  [command.room, 16],
  [command.unreadCount, 4],
  [command.toDesk, 36],
  [command.fromDesk, 36],
  [command.sync, 8],
  [command.syncGroup, 16],
  [command.syncKey, 8],
  [command.groupSyncKey, 16],
  [command.customer, 36],
]);

describe.each(['tcp', 'ws'] as const)('over %s', (transport) => {
  const raw = (version = 2): Promise<GobelieveConnection> => scene.raw(scene[transport], version);

  it('the bytes of a login, of its refusal and of a ping before it', async () => {
    const connection = await raw(1);
    connection.write(Buffer.from('00000000000000010d010000', 'hex'));
    await frames(connection, 1);
    const guid = '5a'.repeat(36);
    const refused = `03${'1e'}${'58'.repeat(30)}24${guid}`;
    connection.write(Buffer.from(`00000045000000020f010000${refused}`, 'hex'));
    await frames(connection, 2);
    const token = Buffer.from(await scene.token(scene.uid())).toString('hex');
    connection.write(Buffer.from(`00000045000000030f010000031e${token}24${guid}`, 'hex'));
    await frames(connection, 3);
    expect(hexOf(connection)).toEqual([
      '00000000000000010e000000',
      '0000000400000002030000000000' + '0001',
      '00000004000000030301000000000000',
    ]);
    expect(connection.isOpen).toBe(true);
  });

  it('the bytes of an acknowledgement, and of a message into no group', async () => {
    const uid = scene.uid();
    const connection = await scene.rawLogin(uid, scene[transport]);
    const peer = saidBody(command.peer, 2, { sender: uid, receiver: uid, text: '话' });
    connection.write(bytes(command.peer, peer, 2, 7));
    await frames(connection, 3);
    const group = saidBody(command.group, 2, { sender: uid, receiver: 9_999_999, text: '话' });
    connection.write(bytes(command.group, group, 2, 9));
    await frames(connection, 4);
    expect(hexOf(connection).slice(1)).toEqual([
      `000000200000000225020000${'0000000000000001'}${'00'.repeat(24)}`,
      '0000000500000003050200000000000700',
      '0000000500000004050200000000000941',
    ]);
  });

  it('what clients do not say ends the connection at once, logged in or not', async () => {
    const others = Array.from({ length: 256 }, (_, at) => at).filter((at) => !said.has(at));
    const token = await scene.token(scene.uid());
    for (const loggedIn of [false, true]) {
      const checks = others.map(async (number) => {
        const connection = await raw();
        if (loggedIn) {
          connection.send(command.authToken, authBody(2, token, `device ${number}`));
          await frames(connection, 1);
        }
        connection.send(number, Buffer.alloc(100));
        connection.send(command.ping);
        await connection.closed;
        expect(connection.of(command.pong)).toEqual([]);
      });
      await Promise.all(checks);
    }
  });

  it('so does a body that is too short, and a ping with one', async () => {
    const checks = [...said].flatMap(([number, least]) =>
      [0, 1, 2].map(async (version) => {
        const connection = await raw(version);
        const untimed = version === 0 && (number === command.peer || number === command.group);
        const enough = untimed ? least - 4 : least;
        // Enough is fine even before the login.
        if (number !== command.ping) connection.send(number, Buffer.alloc(enough));
        connection.send(command.ping);
        await eventually('a pong', () => connection.of(command.pong).length > 0);
        expect(connection.isOpen).toBe(true);
        connection.send(number, Buffer.alloc(number === command.ping ? 1 : enough - 1));
        connection.send(command.ping);
        await connection.closed;
        expect(connection.of(command.pong)).toHaveLength(1);
      }),
    );
    await Promise.all(checks);
  });

  it('a token that is longer than the body ends it too', async () => {
    const bodies = ['0305aabb', '030100', '0301aa05bb', '03ff', '0300ff00'];
    const checks = bodies.map(async (hex) => {
      const connection = await raw();
      connection.send(command.authToken, Buffer.from(hex, 'hex'));
      await connection.closed;
    });
    await Promise.all(checks);
  });

  it('a body of 32,767 bytes is read, a longer or negative one is not waited for', async () => {
    const connection = await raw();
    connection.send(command.ack, Buffer.alloc(32_767));
    connection.send(command.ping);
    await frames(connection, 1);
    for (const length of [32_768, 0x7fffffff, -1, -0x80000000]) {
      const head = bytes(command.ack);
      head.writeInt32BE(length, 0);
      const one = await raw();
      one.write(head);
      await one.closed;
    }
  });

  it('before the login nothing counts but a ping; after it no second login', async () => {
    const connection = await raw(1);
    const uid = scene.uid();
    const other = await scene.online();
    const words = saidBody(command.peer, 1, { sender: uid, receiver: other.uid, text: '早了' });
    connection.send(command.peer, words);
    connection.send(command.sync, pack(['i64', 0]));
    connection.send(command.ping);
    await frames(connection, 1);
    connection.send(command.authToken, authBody(2, await scene.token(uid), 'a'));
    connection.send(command.authToken, authBody(2, await scene.token(other.uid), 'b'));
    connection.send(command.peer, words);
    await frames(connection, 4);
    const heard = connection.frames.map((frame) => frame.command);
    expect(heard).toEqual([command.pong, command.authStatus, command.metadata, command.ack]);
    await other.holds(1);
    expect(other.inbox.taken[0]?.sender).toBe(uid);
  });
});

describe('over TCP', () => {
  it('frames are read however they are cut', async () => {
    const uid = scene.uid();
    const login = authBody(2, await scene.token(uid), 'cut');
    const words = texts(3).map((text) =>
      saidBody(command.peer, 2, { sender: uid, receiver: 5, text }),
    );
    const all = Buffer.concat([
      bytes(command.authToken, login),
      ...words.map((body) => bytes(command.peer, body)),
      bytes(command.ping),
    ]);
    const whole = await scene.raw();
    whole.write(all);
    await frames(whole, 8);
    await whole.close();
    const cut = await scene.raw();
    for (const byte of all) {
      cut.write(Buffer.from([byte]));
      await new Promise(setImmediate);
    }
    await frames(cut, 8);
    const commandsOf = (one: GobelieveConnection): number[] =>
      one.frames.map((frame) => frame.command).toSorted();
    expect(commandsOf(cut)).toEqual(commandsOf(whole));
  });

  it('who does not read is closed, and misses nothing when he comes again', async () => {
    const a = await scene.online();
    const b = await scene.device();
    await a.peer(b.uid, '开头');
    await b.connect();
    await b.holds(1);
    b.pause();
    const text = '长'.repeat(10_000);
    let closed = false;
    void b.closed.then(() => {
      closed = true;
    });
    let sent = 1;
    while (!closed && sent < 900) {
      const said = Array.from({ length: 20 }, () =>
        a.utter(command.peer, { receiver: b.uid, text }),
      );
      await Promise.all(said.map((seq) => a.acked(seq)));
      sent += said.length;
      closed = scene.connectionsOf(b.uid) === 0;
    }
    expect(closed).toBe(true);
    // Into the kernel's buffers goes so much; ours hold 1 MiB.
    expect(sent * 30_000).toBeLessThan(16_000_000);
    await b.connect();
    await b.holds(sent);
    expect(b.inbox.taken.map(({ key }) => key)).toEqual(
      Array.from({ length: sent }, (_, at) => at + 1),
    );
  });
});

describe('over WebSocket', () => {
  it('bytes after the frame are not read', async () => {
    const connection = await scene.raw(scene.ws);
    connection.write(Buffer.concat([bytes(command.ping), bytes(command.ping)]));
    connection.write(bytes(command.ping));
    await frames(connection, 2);
    connection.write(bytes(command.ping));
    await frames(connection, 3);
    expect(connection.frames).toHaveLength(3);
  });

  it('a message without a whole frame ends the connection', async () => {
    const frame = bytes(command.sync, pack(['i64', 0]));
    for (const message of [Buffer.alloc(0), frame.subarray(0, 11), frame.subarray(0, 19)]) {
      const connection = await scene.raw(scene.ws);
      connection.write(message);
      expect(await connection.closed).toMatch(/^1002 /);
    }
  });

  it('so does a text, or more than 64 KiB', async () => {
    const socket = new WebSocket('ws' in scene.ws ? scene.ws.ws : '');
    const closed = new Promise((resolve) => {
      socket.addEventListener('close', ({ code }) => resolve(code));
    });
    await new Promise((resolve) => socket.addEventListener('open', resolve));
    socket.send('text');
    expect(await closed).toBe(1003);
    const connection = await scene.raw(scene.ws);
    connection.write(Buffer.alloc(65_537));
    expect(await connection.closed).toMatch(/^100[69] /);
  });

  it('any origin is welcome, any other path is not', async () => {
    const socket = new WebSocket(`${'ws' in scene.ws ? scene.ws.ws : ''}x`);
    await new Promise((resolve) => socket.addEventListener('error', resolve));
    expect(socket.readyState).toBe(WebSocket.CLOSED);
  });
});
