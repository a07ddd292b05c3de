/** Words of a question that say little about what it asks for. */
const fillers = new Set(
  (
    'a an the is are am was were be been being do does did doing have has had having can could will would shall ' +
    'should may might must i me my we us our you your he she it its they them their this that these those there ' +
    'here what which who whom whose when where why how much many long of in on at to for from with by about as into ' +
    'and or but if then than so not no yes any some all please hi hello hey thanks thank tell mean means meaning ' +
    'know want need get got make let just also too very really ok okay'
  ).split(' '),
);

export function isEnglishFiller(word: string): boolean {
  return fillers.has(word);
}

/**
 * What forms of an English word have in common: steps and step, cleaning and cleaned. Nothing to be
 * read: the same on both sides is all that counts.
 */
export function stemOf(word: string): string {
  if (!/^[a-z]{4,}$/.test(word)) return word;
  let stem = word;
  if (/ies$/.test(stem)) stem = `${stem.slice(0, -3)}y`;
  else if (/(?:ss|x|ch|sh)es$/.test(stem)) stem = stem.slice(0, -2);
  else if (/[^sui]s$/.test(stem)) stem = stem.slice(0, -1);
  const bare = /^(.*[aeiouy].*?)(?:ing|(?<!e)ed)$/.exec(stem)?.[1];
  if (bare !== undefined && bare.length >= 3) stem = bare.replace(/([^aeiouls])\1$/, '$1');
  if (stem.length >= 5 && stem.endsWith('e')) stem = stem.slice(0, -1);
  return stem;
}
