import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folders of the packages that our fonts come in. */
export interface FontFolders {
  sans: string;
  emoji: string;
}

export const weights = [400, 700] as const;
export type Weight = (typeof weights)[number];

/** Where npm has put them; a folder that is not there where a package is missing. */
export function fontFolders(): FontFolders {
  return {
    sans: folder('@fontsource/noto-sans-sc'),
    emoji: folder('@fontsource/noto-color-emoji'),
  };
}

/** One subset of Noto Sans SC: latin, chinese-simplified, or one of a hundred slices of all of it. */
export function sansFile({ sans }: FontFolders, subset: string, weight: Weight): string {
  return join(sans, 'files', `noto-sans-sc-${subset}-${weight}-normal.woff2`);
}

/** Read, not drawn with: its tables say which characters a subset has. */
export function coverageFile({ sans }: FontFolders, subset: string): string {
  return join(sans, 'files', `noto-sans-sc-${subset}-400-normal.woff`);
}

export function emojiFile({ emoji }: FontFolders): string {
  return join(emoji, 'files', 'noto-color-emoji-emoji-400-normal.woff');
}

/** What is missing, in English: for health and the doctor. */
export function missingFonts(folders: FontFolders): string[] {
  const chinese = weights.flatMap((weight) =>
    ['latin', 'chinese-simplified'].map((subset) => sansFile(folders, subset, weight)),
  );
  const faults: string[] = [];
  if (
    ![...chinese, coverageFile(folders, 'chinese-simplified')].every((file) => existsSync(file))
  ) {
    faults.push('no Chinese font: @fontsource/noto-sans-sc is missing or incomplete');
  }
  if (!existsSync(emojiFile(folders))) {
    faults.push('no emoji font: @fontsource/noto-color-emoji is missing or incomplete');
  }
  return faults;
}

function folder(name: string): string {
  try {
    return dirname(fileURLToPath(import.meta.resolve(`${name}/package.json`)));
  } catch {
    return join('node_modules', name);
  }
}
