/** Where this family lives. */
export const base = '/im_component/wx_official_account';

/** @NOTE the document's sample page connects to the root (section 3), its text to `…/msg`. */
export const socketPaths = [`${base}/msg`, '/'];

/** @NOTE the document's test (section 3) posts XML to `/send`, its text to `…/send_xml`. */
export const pushPaths = [`${base}/send`, `${base}/send_xml`, '/send'];

/** Whether what is said about an address, be it only that there is nothing, is said in this family's form. */
export function isOfficialAddress(path: string): boolean {
  return path === '/send' || path === base || path.startsWith(`${base}/`);
}
