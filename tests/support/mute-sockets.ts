import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

// A crowd that opens WebSockets and reads nothing: in a process of its own, since each costs a file
// descriptor on both sides. Arguments: port, how many sockets, how many users they are of. Prints
// `open N`, and how many are still open whenever it is asked (a line on stdin).
const [port = '', count = '', users = ''] = process.argv.slice(2);
const open = new Set<Socket>();

async function join(number: number): Promise<void> {
  const socket = connect(Number(port), '127.0.0.1');
  socket.on('error', () => {});
  socket.on('close', () => open.delete(socket));
  await once(socket, 'connect');
  const path = `/im_component/wx_official_account/msg?userid=mute${number % Number(users)}`;
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  const [answer] = (await once(socket, 'data')) as [Buffer];
  if (!answer.toString('latin1').startsWith('HTTP/1.1 101')) {
    process.stdout.write(`refused ${answer.toString('latin1').slice(0, 40)}\n`);
    socket.destroy();
    return;
  }
  open.add(socket);
  // From here on the kernel keeps what comes, as long as it likes.
  socket.pause();
}

let next = 0;
await Promise.all(
  Array.from({ length: 50 }, async () => {
    while (next < Number(count)) {
      next += 1;
      await join(next).catch((error: unknown) => process.stdout.write(`refused ${error}\n`));
    }
  }),
);
process.stdout.write(`open ${open.size}\n`);
process.stdin.on('data', () => {
  // A connection that was closed is noticed only by who reads, or is reset.
  process.stdout.write(`left ${open.size}\n`);
});
process.stdin.on('end', () => process.exit(0));
