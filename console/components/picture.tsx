import { useState } from 'preact/hooks';
import { common } from '../words/common.ts';

/**
 * A picture of ours, which opens as it is; `small`: for a link of its own. Where it does not come, as
 * it is kept no more, `gone` stands instead.
 */
export function Picture(props: { src: string; alt: string; gone?: string; small?: boolean }) {
  const { src, alt, gone = `${alt} ${common.pictureGone}`, small } = props;
  const [failed, setFailed] = useState('');
  if (failed === src) return <span class="faint">{gone}</span>;
  const image = (
    <img
      class={small ? 'picture small' : 'picture'}
      loading="lazy"
      src={src}
      alt={alt}
      {...(small && { width: 72, height: 54 })}
      onError={() => setFailed(src)}
    />
  );
  if (small) return image;
  return (
    <a href={src} target="_blank" rel="noopener">
      {image}
    </a>
  );
}

/** Where the picture of a send is. */
export function pictureOf(msgid: number | string, query = ''): string {
  return `/api/v1/sends/${msgid}/picture${query}`;
}

/** Where a file of ours is, if it is one: its name is its content, whichever host stands before. */
export function ownFile(address: string): string | undefined {
  const [, own] = /(?:^|\/)(file\/[0-9a-f]{64}\.\w+)$/.exec(address) ?? [];
  return own && `/${own}`;
}
