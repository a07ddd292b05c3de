/** Names by commas; one that holds a comma stands in quotation marks, as JSON. */
export function namesIn(text: string): string[] {
  return [...text.matchAll(/\s*("(?:[^"\\]|\\.)*"|[^,，\n]+)/g)]
    .map(([, one = '']) => unquoted(one.trim()) ?? one.trim())
    .filter((one) => one !== '');
}

export function textOfNames(names: readonly string[]): string {
  return names.map((one) => quoted(one, /[,，"]/)).join(', ');
}

/** As it is, unless it would be read as something else. */
export function quoted(name: string, strange: RegExp): string {
  const plain = !strange.test(name) && name.trim() === name && !/[\n\r]/.test(name);
  return plain ? name : JSON.stringify(name);
}

/** Undefined: begins with a quotation mark, and is no JSON. */
export function unquoted(name: string): string | undefined {
  if (!name.startsWith('"')) return name;
  try {
    return String(JSON.parse(name));
  } catch {
    return undefined;
  }
}
