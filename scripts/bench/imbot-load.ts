import { runHttpLoad } from './http-load.ts';

/** What one load run is told, as JSON in the first argument of this program. */
export interface ImbotOrder {
  port: number;
  connections: number;
  seconds: number;
  /** So many people write to each other. */
  people: number;
  /** Stands in each message of this run, and in none of another. */
  prefix: string;
}

const order = JSON.parse(process.argv[2] ?? '{}') as ImbotOrder;
let counter = 0;

function request(): string {
  counter += 1;
  const from = (counter * 7919) % order.people;
  const to = (from + 1 + (counter % 16)) % order.people;
  const body = `{"fromUserId":"oGZUI0egBJY1zhBYw2KhdUfwVJ${from}","toUserId":"oGZUI0egBJY1zhBYw2KhdUfwVJ${to}","templateUrl":"https://example.com/imbot/template_msg","msg":{"type":"text","reply":"${order.prefix} ${counter}: 你好, is it there yet?","timestamp":${Date.now()}}}`;
  return `POST /api/imbot/msg HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

const result = await runHttpLoad({
  ...order,
  request,
  note: (body) => body === '{"result":"success"}',
});
process.stdout.write(`${JSON.stringify(result)}\n`);
