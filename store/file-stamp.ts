/** A time as names of files have it: `20260102T030405006Z`. @param at epoch ms */
export function fileStamp(at: number): string {
  return new Date(at).toISOString().replace(/[-:.]/g, '');
}
