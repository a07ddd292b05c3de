/** Names of fields that hold a secret, as strangers choose them: `access_token`, `appKey`, `sig`. */
const secretWords =
  /secret|token|passw|pwd|passphrase|credential|signature|authorization|(?:api|app|access|private|auth)[_-]?key/i;
const secretEnds = /(?:^|_)(?:sig|auth|pass|cookie|session|jwt|ak|sk)$|keys?$|sign$/;
/** Only end alike. */
const harmlessEnds =
  /(?:^|_)(?:(?:mon|don|tur|hoc|joc|whis|lac|hot|pub|public|sort|order|group|row|col|column|primary|foreign|partition)keys?|(?:de|rede|as|reas|re|en|con|co)sign)$/;

/** Whether a field of this name holds a secret. */
export function isSecretName(name: string): boolean {
  if (secretWords.test(name)) return true;
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z\d]+/g, '_')
    .replace(/_$/, '')
    .toLowerCase();
  return secretEnds.test(words) && !harmlessEnds.test(words);
}
