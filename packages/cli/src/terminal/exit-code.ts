/** The exit codes of the process. */
export const ExitCode = {
  success: 0,
  /** A valid command failed: no such document, server or file. */
  failure: 1,
  /** The command line is invalid; nothing was done. */
  usage: 2,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
