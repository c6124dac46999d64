import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

/** The names that a node is known by. */
export interface ServedNames {
  /**
   * It listens at every address, so that it cannot know by which names it is found: it accepts any, but none from a
   * browser.
   */
  readonly isAnywhere: boolean;
  /** Whether configurations have this name, in lower case. `localhost` and addresses are served anyway. */
  has(name: string): boolean;
}

/** Requests of pages of the node itself, and of the user by hand. */
const OWN_SITES = ['same-origin', 'none'];

/**
 * Returns the reason for refusing any request of this origin: a page that a developer visits must not reach a cluster
 * with a public password, neither by a form or a script of another site, nor by a name that was made to point here (DNS
 * rebinding). Undefined for all others: clients that are not browsers send neither `Origin` nor `Sec-Fetch-Site`.
 */
export function foreignReason(headers: IncomingHttpHeaders, names: ServedNames): string | undefined {
  const { host, origin } = headers;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && !OWN_SITES.includes(String(site))) return 'requests from another site are not served';
  if (origin !== undefined && !isSameHost(origin, host)) return 'requests from another origin are not served';
  const isByBrowser = site !== undefined || origin !== undefined;
  if (host === undefined || isServed(nameOf(host), names, isByBrowser)) return undefined;
  return 'the Host of the request is neither an address, nor localhost, nor the host that is served';
}

function isServed(name: string, names: ServedNames, isByBrowser: boolean): boolean {
  if (name === 'localhost' || name.endsWith('.localhost') || isIP(name) !== 0 || names.has(name)) return true;
  return names.isAnywhere && !isByBrowser;
}

/** Compares hosts in any case, and with or without the default port of the scheme. */
function isSameHost(origin: string, host: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, host: expected } = new URL(origin);
  const own = `${protocol}//${host ?? ''}`;
  return URL.canParse(own) && new URL(own).host === expected;
}

/** Of `name:port`, in lower case, without the brackets of an IPv6 address and the dot of a full name. */
export function nameOf(host: string): string {
  return host
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
    .toLowerCase();
}
