import { label } from './im-views.ts';

/** The caller's own number of a request. Half characters are refused: all of them would be kept as one. */
export const txcode = label(64).min(1);
