const heads = 'auth|users|groups|messages|client|customer|supporters|device|images|audios|files';
const ours = new RegExp(`^(?:/v2)?/(?:${heads})(?:/|$)`, 'i');

/** Whether what is said about an address, be it only that there is nothing, is said in this family's form. */
export function isGobelieveAddress(path: string): boolean {
  return ours.test(path);
}
