import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { clientAddresses, clientTypes } from './client/generate.ts';
import { apiDocument } from './document.ts';

export const clientTypesFile = fileURLToPath(new URL('client/types.ts', import.meta.url));

export const clientAddressesFile = fileURLToPath(new URL('client/addresses.ts', import.meta.url));

/** `npm run client-types`: types and addresses for clients, made of our own document. */
if (import.meta.main) {
  const document = apiDocument('');
  writeFileSync(clientTypesFile, clientTypes(document));
  writeFileSync(clientAddressesFile, clientAddresses(document));
}
