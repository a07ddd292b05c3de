import { createHash } from 'node:crypto';
import { type HttpLoadResult, runHttpLoad } from './http-load.ts';

/** What one load run is told, as JSON in the first argument of this program. */
export interface LoadOrder {
  port: number;
  connections: number;
  seconds: number;
  rate?: number;
  chid: string;
  key: string;
  botcodes: string[];
  room: string;
  /** Makes txcodes of this run unlike those of any other. */
  prefix: string;
  /** yyyymmddhhmmss */
  txtime: string;
}

export interface LoadResult extends HttpLoadResult {
  firstMsgid: number;
  lastMsgid: number;
  /** Distinct msgids among the answers. */
  distinct: number;
}

const order = JSON.parse(process.argv[2] ?? '{}') as LoadOrder;
const msgids: number[] = [];
let counter = 0;

function request(): string {
  counter += 1;
  const botcode = order.botcodes[counter % order.botcodes.length] ?? '';
  const body = `{"reqHead":{"chid":"${order.chid}","txcode":"${order.prefix}${String(counter).padStart(7, '0')}","txtime":"${order.txtime}","botcode":"${botcode}"},"reqBody":{"roomTopic":"${order.room}","text":"order ${counter} of the morning has left the house, expected at noon"}}`;
  const signature = createHash('md5').update(body).update(order.key).digest('hex');
  return `POST /api/roomSendText HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nX-Ecaspsplus-Signature: ${signature}\r\nX-Ecaspsplus-SignatureType: MD5\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

function note(body: string): boolean {
  const id = /"msgid":(\d+)/.exec(body)?.[1];
  if (!body.includes('"rtCode":"0"') || id === undefined) return false;
  msgids.push(Number(id));
  return true;
}

const common = await runHttpLoad({ ...order, request, note });
const result: LoadResult = {
  ...common,
  firstMsgid: msgids.reduce((least, id) => Math.min(least, id), Number.MAX_SAFE_INTEGER),
  lastMsgid: msgids.reduce((most, id) => Math.max(most, id), 0),
  distinct: new Set(msgids).size,
};
process.stdout.write(`${JSON.stringify(result)}\n`);
