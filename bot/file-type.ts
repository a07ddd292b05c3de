import { fileTypeFromBuffer } from 'file-type';

/** Media type and extension. */
export interface FileType {
  mime: string;
  ext: string;
}

/** So much of a file tells its type; no more is looked at. */
export const tellingBytes = 4100;

/** Content nobody recognises is bytes, whatever it calls itself. */
export const unknownType: FileType = { mime: 'application/octet-stream', ext: 'bin' };

const silk: FileType = { mime: 'audio/silk', ext: 'silk' };

/** By content alone; undefined when it is none we know. */
export async function typeOf(bytes: Uint8Array): Promise<FileType | undefined> {
  const head = bytes.subarray(0, tellingBytes);
  // What older versions of WeChat record; the library does not know it.
  const start = Buffer.from(head.subarray(0, 10)).toString('latin1');
  if (start.includes('#!SILK_V3')) return silk;
  return await fileTypeFromBuffer(head).catch(() => undefined);
}
