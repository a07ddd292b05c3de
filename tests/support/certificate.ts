import { generateKeyPairSync, sign } from 'node:crypto';

/** A certificate that nobody else signed, for a listener of a test, with the end one wants. */
export function selfSigned(name: string, from: number, to: number): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  // ecdsa-with-SHA256
  const algorithm = der(0x30, hex('06082a8648ce3d040302'));
  // commonName
  const pair = der(0x30, hex('0603550403'), der(0x0c, Buffer.from(name)));
  const subject = der(0x30, der(0x31, pair));
  const body = der(
    0x30,
    hex('020101'),
    ...[algorithm, subject, der(0x30, moment(from), moment(to)), subject],
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = der(0x03, hex('00'), sign('sha256', body, privateKey));
  const lines = der(0x30, body, algorithm, signature).toString('base64').replace(/.{64}/g, '$&\n');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.trimEnd()}\n-----END CERTIFICATE-----\n`,
  };
}

/** UTCTime. */
function moment(at: number): Buffer {
  const digits = new Date(at).toISOString().replace(/\D/g, '').slice(2, 14);
  return der(0x17, Buffer.from(`${digits}Z`));
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const { length } = body;
  const head =
    length < 128
      ? [tag, length]
      : length < 256
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from(head), body]);
}

function hex(text: string): Buffer {
  return Buffer.from(text, 'hex');
}
