import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';

/** What one load run is told, as JSON in the first argument of this program. */
export interface UploadsOrder {
  port: number;
  path: string;
  field: string;
  uploaders: number;
  bytes: number;
  seconds: number;
}

export interface UploadsResult {
  uploads: number;
  refused: number;
  seconds: number;
}

const order = JSON.parse(process.argv[2] ?? '{}') as UploadsOrder;
/** The beginning of a film; what follows never compresses, and never ends a part. */
const film = Buffer.concat([
  Buffer.from('\0\0\0\u0018ftypisom\0\0\u0002\0isomiso2', 'latin1'),
  randomBytes(order.bytes),
]);
const head = `--b0undary\r\nContent-Disposition: form-data; name="${order.field}"; filename="x.mp4"\r\nContent-Type: video/mp4\r\n\r\n`;
const end = '\r\n--b0undary--\r\n';
const result: UploadsResult = { uploads: 0, refused: 0, seconds: order.seconds };
const until = performance.now() + order.seconds * 1000;

/** One connection, one upload after the other, each another file. */
async function upload(number: number): Promise<void> {
  const socket = connect(order.port, '127.0.0.1');
  let heard = '';
  let wake = (): void => {};
  socket.on('data', (chunk: Buffer) => {
    heard += chunk.toString('latin1');
    wake();
  });
  socket.on('error', () => {});
  socket.on('close', () => wake());
  for (let turn = 0; performance.now() < until && !socket.destroyed; turn += 1) {
    const mark = Buffer.from(`${number}-${turn}-${process.pid}-${Date.now()}`.padEnd(40));
    const length = Buffer.byteLength(head) + film.length + mark.length + end.length;
    socket.write(
      `POST ${order.path} HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b0undary\r\nContent-Length: ${length}\r\n\r\n${head}`,
    );
    socket.write(film);
    socket.write(mark);
    socket.write(end);
    heard = '';
    while (!/\r\n\r\n[\s\S]*\}/.test(heard) && !socket.destroyed) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    if (heard.startsWith('HTTP/1.1 200')) result.uploads += 1;
    else result.refused += 1;
  }
  socket.destroy();
}

await Promise.all(Array.from({ length: order.uploaders }, (_, number) => upload(number)));
process.stdout.write(`${JSON.stringify(result)}\n`);
