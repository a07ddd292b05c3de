/** What a browser remembers of its person: looks only, never a secret. */
export const memory = {
  read(name: string): string | undefined {
    try {
      return localStorage.getItem(`wxrc.${name}`) ?? undefined;
    } catch {
      // Storage may be forbidden; then nothing is remembered.
      return undefined;
    }
  },
  write(name: string, value: string): void {
    try {
      localStorage.setItem(`wxrc.${name}`, value);
    } catch {}
  },
};
