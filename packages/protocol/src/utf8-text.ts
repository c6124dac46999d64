/** Methods of Node's buffers, and of their substitutes, below `toString`; they are not typed elsewhere. */
interface Sliceable {
  utf8Slice?: (start: number, end: number) => string;
}

const hasSlice = typeof (Buffer.prototype as Sliceable).utf8Slice === 'function';

/**
 * Returns the text from `start` to `end`. Hot file: `toString` of a part of a buffer first creates a view and checks
 * arguments, which for 1 KB is a third of the whole.
 */
export const utf8Text: (bytes: Buffer, start: number, end: number) => string = hasSlice
  ? (bytes, start, end) => (bytes as Buffer & Required<Sliceable>).utf8Slice(start, end)
  : (bytes, start, end) => bytes.toString('utf8', start, end);
