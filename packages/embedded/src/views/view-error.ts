/** The error that answers a request about views: `{"error": …, "reason": …}`. The words are the server's. */
export class ViewError extends Error {
  override readonly name = 'ViewError';
  readonly status: number;
  readonly error: string;
  readonly reason: string;

  constructor(status: number, error: string, reason: string) {
    super(`${error}: ${reason}`);
    this.status = status;
    this.error = error;
    this.reason = reason;
  }
}

/** 404. */
export function notFound(reason: string): ViewError {
  return new ViewError(404, 'not_found', reason);
}

/** 400, of a parameter with an impossible value. */
export function queryParseError(reason: string): ViewError {
  return new ViewError(400, 'query_parse_error', reason);
}

/** 400. */
export function badRequest(reason: string): ViewError {
  return new ViewError(400, 'bad_request', reason);
}
