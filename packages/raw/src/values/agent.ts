import packageJson from '../../package.json' with { type: 'json' };

/** The name of this SDK, as servers and reports have it. */
export const AGENT = `cb/${packageJson.version}`;
