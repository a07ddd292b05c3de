/** Strokes on a field of 24 × 24. */
const paths = {
  gauge: 'M12 14l4-4M3.5 18a9.5 9.5 0 1 1 17 0M5 18h14',
  bot: 'M5 9h14v10H5zM12 9V5M9 14h.01M15 14h.01M2.5 13v3M21.5 13v3M12 4.5h.01',
  send: 'M4 12l16-8-6 16-2.5-6.5zM11.5 13.5L20 4',
  dead: 'M4 5h16v11H8l-4 4zM9 8.5l6 4M15 8.5l-6 4',
  pen: 'M4 20h4L19 9l-4-4L4 16zM13 7l4 4',
  chat: 'M4 5h16v11H9l-5 4z',
  spark: 'M12 3l2 6 6 2-6 2-2 6-2-6-6-2 6-2zM19 17v4M17 19h4',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3.5 2',
  hook: 'M9 7a3.5 3.5 0 1 1 5 3l3 5.5M15 17a3.5 3.5 0 1 0 3.5-1.5M6 13.5A3.5 3.5 0 1 0 9 18h6',
  stream: 'M4 6h10M4 10h16M4 14h7M4 18h13',
  key: 'M14.5 9.5a4 4 0 1 0-3.3 3.9L13 15h2v2h2v2h3v-3l-5.6-5.6zM8 9h.01',
  gear: 'M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.1 2.1M16.3 16.3l2.1 2.1M5.6 18.4l2.1-2.1M16.3 7.7l2.1-2.1',
  bell: 'M6 17V11a6 6 0 1 1 12 0v6l1.5 1.5h-15zM10 21h4',
  menu: 'M4 7h16M4 12h16M4 17h16',
  close: 'M6 6l12 12M18 6L6 18',
  user: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20c.8-3.7 3.7-5.5 7.5-5.5s6.7 1.8 7.5 5.5',
  auto: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 3v18',
  out: 'M14 4H5v16h9M10 12h11M17 8l4 4-4 4',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  check: 'M5 12.5l4.5 4.5L19 7',
  warn: 'M12 4L2.5 20h19zM12 10v4.5M12 17.5h.01',
  info: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5M12 8h.01',
  reload: 'M20 11a8 8 0 1 0-2.3 6.3M20 5v6h-6',
  left: 'M14 6l-6 6 6 6',
  right: 'M10 6l6 6-6 6',
  link: 'M10 14a4 4 0 0 0 5.7 0l3.6-3.6a4 4 0 0 0-5.7-5.7L12 6.3M14 10a4 4 0 0 0-5.7 0l-3.6 3.6a4 4 0 0 0 5.7 5.7l1.6-1.6',
  phone: 'M7 3h10v18H7zM11 18h2',
  scan: 'M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M4 12h16',
  power: 'M12 4v8M7 6.5a8 8 0 1 0 10 0',
  users:
    'M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM2.5 19c.6-3.2 3-5 6.5-5s5.9 1.8 6.5 5M16 5.5a3.5 3.5 0 0 1 0 6.5M18 14.5c2 .6 3.2 2.2 3.5 4.5',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l4.5 4.5',
  trash: 'M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5',
  plus: 'M12 5v14M5 12h14',
  play: 'M7 5l12 7-12 7z',
  pause: 'M8 5v14M16 5v14',
  book: 'M5 4h14v16H6.5A1.5 1.5 0 0 1 5 18.5zM5 18.5A1.5 1.5 0 0 1 6.5 17H19',
} as const;

export type IconName = keyof typeof paths;

/** A picture beside words; it says nothing by itself. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
