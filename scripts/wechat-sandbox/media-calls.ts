import { type Answer, answerOf, ok, plainType, Refusal } from './answers.ts';
import { type ApiCall, accountOf } from './api-call.ts';
import { type MediaType, sniff } from './media-store.ts';

const limits: Record<MediaType, { bytes: number; extensions: string[]; tooBig: number }> = {
  image: { bytes: 10 << 20, extensions: ['jpg', 'png', 'gif'], tooBig: 40009 },
  voice: { bytes: 2 << 20, extensions: ['amr', 'mp3'], tooBig: 40010 },
  video: { bytes: 10 << 20, extensions: ['mp4'], tooBig: 40011 },
  thumb: { bytes: 64 << 10, extensions: ['jpg'], tooBig: 40012 },
};

/** POST /cgi-bin/media/upload?type=, field media. */
export async function upload(call: ApiCall): Promise<Answer> {
  const account = accountOf(call);
  if (call.method !== 'POST') throw new Refusal(43002);
  const type = call.query.get('type') ?? '';
  // A mini program can upload pictures only: it could send nothing else.
  const takes = account.kind === 'official' ? Object.keys(limits) : ['image'];
  if (!takes.includes(type)) throw new Refusal(40004);
  const limit = limits[type as MediaType];
  const file = await filePart(call);
  if (file === undefined || file.size === 0) throw new Refusal(41005);
  if (file.size > limit.bytes) throw new Refusal(limit.tooBig);
  const bytes = new Uint8Array(await file.arrayBuffer());
  const kind = sniff(bytes);
  if (kind === undefined || !limit.extensions.includes(kind.extension)) throw new Refusal(40005);
  const { id } = call.world.media.add({
    appid: account.appid,
    type: type as MediaType,
    bytes,
    ...kind,
    madeAt: call.now,
  });
  const name = type === 'thumb' ? 'thumb_media_id' : 'media_id';
  return ok({ type, [name]: id, created_at: Math.floor(call.now / 1000) });
}

/** GET /cgi-bin/media/get: the bytes, of a video an address, of neither an error as text. */
export function download(call: ApiCall): Answer {
  try {
    const account = accountOf(call);
    const id = call.query.get('media_id') ?? '';
    if (id === '') throw new Refusal(41006);
    const media = call.world.media.get(id, account.appid, call.now);
    if (media === undefined) throw new Refusal(40007);
    if (media.type === 'video') {
      const body = JSON.stringify({ video_url: `${call.world.url}/sandbox/media/${media.id}` });
      return { type: plainType, body };
    }
    return {
      type: media.mime,
      headers: { 'content-disposition': `attachment; filename="${media.id}.${media.extension}"` },
      body: media.bytes,
    };
  } catch (error) {
    if (error instanceof Refusal) return answerOf(error, plainType);
    throw error;
  }
}

/** Node's own reader of multipart bodies; undefined when there is no such file. */
async function filePart(call: ApiCall): Promise<File | undefined> {
  const headers = { 'content-type': call.contentType };
  try {
    const form = await new Response(Buffer.from(call.bytes), { headers }).formData();
    const part = form.get('media');
    return part instanceof File ? part : undefined;
  } catch {
    return undefined;
  }
}
