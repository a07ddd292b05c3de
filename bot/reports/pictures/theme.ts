/** Colours of a picture; text stands out from its ground by 4.5 to 1 and more. */
export interface Theme {
  ground: string;
  text: string;
  muted: string;
  line: string;
  head: string;
  zebra: string;
  accent: string;
  bar: string;
  red: string;
  green: string;
  /** Of the series of a chart, in order. */
  series: readonly string[];
}

export const themes: Record<'light' | 'dark', Theme> = {
  light: {
    ground: '#ffffff',
    text: '#1f2328',
    muted: '#5c6670',
    line: '#dfe3e8',
    head: '#eef2f6',
    zebra: '#f7f9fb',
    accent: '#07894a',
    bar: '#9fd8bb',
    red: '#c9252d',
    green: '#0a7d3f',
    series: [
      '#0f8f57',
      '#3a6fd8',
      '#e08a1e',
      '#c9404a',
      '#7b57c4',
      '#1596a8',
      '#8a8f26',
      '#b3548f',
      '#7a5230',
      '#56708c',
      '#e07ab4',
      '#6fbf73',
    ],
  },
  dark: {
    ground: '#16191d',
    text: '#e8ebee',
    muted: '#a3adb8',
    line: '#343b43',
    head: '#242a31',
    zebra: '#1c2126',
    accent: '#3ecf8e',
    bar: '#1f6b4a',
    red: '#ff7b80',
    green: '#4fd08a',
    series: [
      '#3ecf8e',
      '#7aa5ff',
      '#f2b25c',
      '#ff8288',
      '#b79bf2',
      '#54c7d6',
      '#c9cd5f',
      '#e394c4',
      '#c8a27c',
      '#9fb4c9',
      '#ffb3d1',
      '#a9e5b0',
    ],
  },
};

/** How HTML looks before its own styles: like the rest of the picture. */
export function baseCss({ line, head, muted, accent }: Theme): string {
  return `
    h1, h2, h3, p, ul, ol, table, pre { margin: 0 }
    h1 { font-size: 24px } h2 { font-size: 20px } h3 { font-size: 17px }
    ul, ol { padding-left: 24px }
    th, td { padding: 6px 9px; border-bottom: 1px solid ${line}; text-align: left }
    th { background: ${head}; color: ${muted} }
    a { color: ${accent} }
    small { font-size: 13px; color: ${muted} }
  `;
}
