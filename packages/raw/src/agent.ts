/** The name of this SDK, as servers and reports have it. */
export const AGENT = 'cb/0.1.0';
