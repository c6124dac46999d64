/** What Node's buffers, and those that imitate them, have beneath `toString`; typed nowhere. */
interface Sliceable {
  utf8Slice?: (start: number, end: number) => string;
}

const hasSlice = typeof (Buffer.prototype as Sliceable).utf8Slice === 'function';

/**
 * The text that lies from `start` up to `end`. Hot file: `toString` on a part of a buffer takes a view to be made first
 * and arguments to be checked, which for 1 KB is a third of the whole.
 */
export const utf8Text: (bytes: Buffer, start: number, end: number) => string = hasSlice
  ? (bytes, start, end) => (bytes as Buffer & Required<Sliceable>).utf8Slice(start, end)
  : (bytes, start, end) => bytes.toString('utf8', start, end);
