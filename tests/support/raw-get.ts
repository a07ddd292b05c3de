import { type IncomingHttpHeaders, request } from 'node:http';

export interface RawGot {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** A GET whose path goes out as it is written, and whose answer comes as it was sent. */
export function rawGet(url: string, headers: Record<string, string> = {}): Promise<RawGot> {
  const { origin } = new URL(url);
  return rawCall('GET', origin, url.slice(origin.length), headers);
}

/** The same with any method, and with a body whatever the method is. */
export function rawCall(
  method: string,
  server: string,
  path: string,
  headers: Record<string, string> = {},
  body?: Buffer | string,
): Promise<RawGot> {
  const { hostname, port } = new URL(server);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, method, path, headers, agent: false }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.on('end', () => {
        const { statusCode: status = 0 } = answer;
        resolve({ status, headers: answer.headers, body: Buffer.concat(pieces) });
      });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}
