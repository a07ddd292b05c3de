import { randomBytes } from 'node:crypto';
import QRCode from 'qrcode';

/** 192 bits: whoever knows the name may see the code, so nobody may guess it. */
export function newQrName(): string {
  return randomBytes(24).toString('base64url');
}

const look = { margin: 4, errorCorrectionLevel: 'M' } as const;

export function qrPng(text: string): Promise<Buffer> {
  return QRCode.toBuffer(text, { ...look, type: 'png', width: 360 });
}

export function qrSvg(text: string): Promise<string> {
  return QRCode.toString(text, { ...look, type: 'svg', width: 360 });
}
