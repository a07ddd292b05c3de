import { type IncomingHttpHeaders, request } from 'node:http';

export interface RawGot {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** A GET whose path goes out as it is written, and whose answer comes as it was sent. */
export function rawGet(url: string, headers: Record<string, string> = {}): Promise<RawGot> {
  const { hostname, port, origin } = new URL(url);
  return new Promise((resolve, reject) => {
    const asked = request(
      { hostname, port, path: url.slice(origin.length), headers, agent: false },
      (answer) => {
        const pieces: Buffer[] = [];
        answer.on('data', (piece: Buffer) => pieces.push(piece));
        answer.on('end', () => {
          const { statusCode: status = 0 } = answer;
          resolve({ status, headers: answer.headers, body: Buffer.concat(pieces) });
        });
      },
    );
    asked.on('error', reject);
    asked.end();
  });
}
