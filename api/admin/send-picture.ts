import { z } from 'zod';
import { AppError } from '../../bot/errors.ts';
import type { StoredFile } from '../../bot/files.ts';
import { longestSide } from '../../bot/thumbnails.ts';
import { notFound } from './errors.ts';
import { operation } from './operation.ts';
import { sendParams } from './send-views.ts';

/** The bytes of a picture that was sent: of files of ours only, whatever address it came from. */
export const getSendPicture = operation({
  id: 'getSendPicture',
  method: 'get',
  path: '/sends/{msgid}/picture',
  tag: 'sends',
  summary: 'The picture of a send, as it left; with `width` a small one (WebP)',
  description:
    'Also of what waits or failed, once the picture is here. 404 where it is not kept any more: ' +
    'pictures are kept as long as messages, 31 days at least.',
  params: sendParams,
  query: z.strictObject({
    width: z.coerce.number().int().min(1).max(longestSide).optional().describe('In pixels.'),
  }),
  produces: 'image/*',
  handle: async ({ sends, files, thumbnails }, { params: { msgid }, query: { width } }) => {
    const [send] = await sends.status({ msgid });
    if (send === undefined) throw notFound(`消息 ${msgid}`, `send ${msgid}`);
    const { content } = send;
    if (content.kind !== 'image')
      throw none(`消息 ${msgid} 不是图片`, `send ${msgid} is no picture`);
    if ('url' in content.source) throw none('图片还没有取到', 'the picture has not been fetched');
    const file: StoredFile | undefined = await files.kept(content.source.sha256);
    if (file === undefined) throw none('图片已不再保留', 'the picture is not kept any more');
    return width === undefined ? file : thumbnails.of(file, { width, format: 'webp' });
  },
});

function none(zh: string, en: string): AppError {
  return new AppError('not_found', { zh, en });
}
