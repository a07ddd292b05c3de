import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { configSchema } from '../config/schema.ts';

/** JSON schema of the config file, for editors (`"$schema"`). A test keeps the file up to date. */
export function configJsonSchema(): string {
  const schema = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' });
  return `${JSON.stringify(schema, null, 2)}\n`;
}

if (import.meta.main) {
  const file = join(import.meta.dirname, '..', 'config', 'wxrc.schema.json');
  writeFileSync(file, configJsonSchema());
  process.stdout.write(`wrote ${file}\n`);
}
