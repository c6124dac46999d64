import type { Frame } from './frame.js';

/** The server's details of a failure, besides its status; both are usually absent. */
export interface ExtendedError {
  /** The reason, for developers. */
  readonly context?: string;
  /** The reference of the failure in the server's log. */
  readonly ref?: string;
}

const NOTHING: ExtendedError = Object.freeze({});
const OPENING_BRACE = 0x7b;

/**
 * Reads the value of a failed response: `{"error":{"context":"…","ref":"…"}}`. A value of any other form means nothing:
 * some failures carry something else, and no failure should turn into another one. The datatype is not asked, as
 * servers send this without JSON having been agreed, too; a compressed value must have been inflated before.
 * Source: kv_engine docs/BinaryProtocol.md, "Response Status"; SDK RFC 0028.
 */
export function parseExtendedError(frame: Frame): ExtendedError {
  if (frame.valueLength === 0 || frame.bytes[frame.valueStart] !== OPENING_BRACE) return NOTHING;
  let parsed: { readonly error?: unknown };
  try {
    parsed = JSON.parse(frame.value.toString());
  } catch {
    return NOTHING;
  }
  if (typeof parsed.error !== 'object' || parsed.error === null) return NOTHING;
  const { context, ref } = parsed.error as { readonly context?: unknown; readonly ref?: unknown };
  return { ...(typeof context === 'string' && { context }), ...(typeof ref === 'string' && { ref }) };
}
