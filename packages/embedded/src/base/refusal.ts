/** The reason for refusing a request. */
export interface Refusal {
  readonly status: number;
  /** The reason in the server's words, for the extended error. */
  readonly context?: string;
}
