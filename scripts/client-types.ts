import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { clientTypes } from './client/generate.ts';
import { apiDocument } from './document.ts';

export const clientTypesFile = fileURLToPath(new URL('client/types.ts', import.meta.url));

/** `npm run client-types`: the types of clients, made of our own document. */
if (import.meta.main) writeFileSync(clientTypesFile, clientTypes(apiDocument('')));
