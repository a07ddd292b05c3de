import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inflateSync } from 'node:zlib';

/**
 * Environment of a browser that can draw Chinese: people look at pictures of screens. The font is
 * that of report pictures; the browser reads it as TrueType only.
 */
export function withChineseFont(): Record<string, string> {
  const require = createRequire(import.meta.url);
  const fonts = join(dirname(require.resolve('@fontsource/noto-sans-sc/package.json')), 'files');
  const folder = join(tmpdir(), 'wxrc-console-fonts');
  mkdirSync(folder, { recursive: true });
  for (const weight of [400, 600, 700]) {
    for (const subset of ['latin', 'chinese-simplified']) {
      const name = `noto-sans-sc-${subset}-${weight}-normal`;
      write(join(folder, `${name}.ttf`), () => unpacked(readFileSync(join(fonts, `${name}.woff`))));
    }
  }
  const file = join(folder, 'fonts.conf');
  write(file, () =>
    Buffer.from(`<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>${folder}</dir><cachedir>${folder}/cache</cachedir>
<match target="scan"><test name="file" compare="contains"><string>-chinese-</string></test>
<edit name="family" mode="assign"><string>Noto Sans SC</string></edit></match>
<match target="scan"><test name="file" compare="contains"><string>-latin-</string></test>
<edit name="family" mode="assign"><string>Latin of Noto</string></edit></match>
${['system-ui', 'sans-serif', 'Times New Roman', 'Arial', 'serif']
  .map(
    (name) => `<match target="pattern"><test name="family"><string>${name}</string></test>
<edit name="family" mode="assign" binding="strong"><string>Latin of Noto</string></edit></match>`,
  )
  .join('\n')}
</fontconfig>`),
  );
  return { FONTCONFIG_FILE: file, FONTCONFIG_PATH: folder };
}

/** Several test files may do this at once. */
function write(file: string, make: () => Buffer): void {
  if (existsSync(file)) return;
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, make());
  renameSync(fresh, file);
}

/** The TrueType font in a WOFF file (version 1). */
function unpacked(woff: Buffer): Buffer {
  const count = woff.readUInt16BE(12);
  const head = Buffer.alloc(12 + count * 16);
  woff.copy(head, 0, 4, 8);
  head.writeUInt16BE(count, 4);
  const power = 2 ** Math.floor(Math.log2(count));
  head.writeUInt16BE(power * 16, 6);
  head.writeUInt16BE(Math.log2(power), 8);
  head.writeUInt16BE((count - power) * 16, 10);
  const pieces: Buffer[] = [head];
  let place = head.length;
  for (let index = 0; index < count; index += 1) {
    const at = 44 + index * 20;
    const offset = woff.readUInt32BE(at + 4);
    const packed = woff.readUInt32BE(at + 8);
    const length = woff.readUInt32BE(at + 12);
    const bytes = woff.subarray(offset, offset + packed);
    const table = packed < length ? inflateSync(bytes) : bytes;
    const entry = 12 + index * 16;
    woff.copy(head, entry, at, at + 4);
    woff.copy(head, entry + 4, at + 16, at + 20);
    head.writeUInt32BE(place, entry + 8);
    head.writeUInt32BE(length, entry + 12);
    const padding = Buffer.alloc((4 - (length % 4)) % 4);
    pieces.push(table, padding);
    place += length + padding.length;
  }
  return Buffer.concat(pieces);
}
