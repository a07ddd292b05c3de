import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The yardstick: a form read whole, taken apart by the platform, and written down; no sync. */
const folder = mkdtempSync(join(tmpdir(), 'wxrc-bench-memory-'));
const server = createServer((req, res) => {
  if (req.method === 'GET') {
    res.end('{}');
    return;
  }
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => chunks.push(chunk));
  req.on('end', async () => {
    const headers = { 'content-type': req.headers['content-type'] ?? '' };
    const form = await new Response(Buffer.concat(chunks), { headers }).formData();
    const [file] = [...form.values()];
    const bytes = file instanceof Blob ? Buffer.from(await file.arrayBuffer()) : Buffer.alloc(0);
    const name = createHash('sha256').update(bytes).digest('hex');
    await writeFile(join(folder, name), bytes);
    res.end(JSON.stringify({ url: name }));
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`ready http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
process.on('SIGTERM', () => process.exit(0));
