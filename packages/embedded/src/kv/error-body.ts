/** What an extended error says. Source: kv_engine docs/BinaryProtocol.md, "Response Status: extended error". */
export interface ErrorBody {
  /** The reason, for people. */
  readonly context?: string;
  /** A uuid by which the server's log can be searched. */
  readonly ref?: string;
  /** Hexadecimal uid of the collections manifest that knows no such collection. */
  readonly manifestUid?: string;
}

/** The JSON text of an extended error. */
export function errorBody(body: ErrorBody): string {
  const error = { context: body.context, ref: body.ref };
  return JSON.stringify(body.manifestUid === undefined ? { error } : { error, manifest_uid: body.manifestUid });
}
