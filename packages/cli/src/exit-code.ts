/** What the process answers to the shell. */
export const ExitCode = {
  success: 0,
  /** The command was understood and could not be carried out: no such document, no such server, no such file. */
  failure: 1,
  /** The command line is wrong; nothing was tried. */
  usage: 2,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
