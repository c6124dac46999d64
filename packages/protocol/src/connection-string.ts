import { closest } from './closest.js';
import { withoutBrackets } from './cluster-node.js';
import { CONNECTION_OPTIONS, type ConnectionOptions, readConnectionOptions } from './connection-options.js';
import { ArgumentError } from './errors/client-errors.js';
import type { OptionEntry } from './foreign-options.js';

/** The scheme of a connection string. */
export type ConnectionScheme = 'couchbase' | 'couchbases' | 'memcached';

/** A host of the connection string. */
export interface SeedHost {
  /** A name or an address; IPv6 addresses without brackets. */
  readonly hostname: string;
  /** undefined when none is given: then it is `defaultPort`, or comes from DNS SRV. */
  readonly port: number | undefined;
}

/** A parsed connection string; frozen. */
export interface ConnectionString {
  /** `couchbases` means TLS on every connection; `memcached` a fixed list of plain memcached servers. */
  readonly scheme: ConnectionScheme;
  /** At least one. */
  readonly hosts: readonly SeedHost[];
  /** The name of the bucket; undefined when there is none. */
  readonly bucket: string | undefined;
  /** Only the given options; `resolveConnectionOptions` adds the defaults. */
  readonly options: ConnectionOptions;
}

const DEFAULT_PORTS: Readonly<Record<ConnectionScheme, number>> = {
  couchbase: 11210,
  couchbases: 11207,
  memcached: 11211,
};

/** The ports of the management service, which are better known than those of KV. */
const MANAGEMENT_PORTS: readonly number[] = [8091, 18091];

const GRAMMAR = /^(?:([^:/?#]*):\/\/)?([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?(#.*)?$/s;

/** Returns the port of a host without one. */
export function defaultPort(scheme: ConnectionScheme): number {
  return DEFAULT_PORTS[scheme];
}

/**
 * Parses a connection string (RFC 0011):
 *
 *   couchbase://host,host:port,[::1]:port/bucket?option=value&option=value
 *
 * Schemes are `couchbase`, `couchbases` and `memcached`. `http` and a missing scheme are read as `couchbase`, as far as
 * that goes: their port 8091 is dropped, and bootstrapping over HTTP does not exist. Hosts may be separated by semicolons
 * too, and a port may say `=mcd` behind it. The bucket and the values are percent-decoded. For the options see
 * CONNECTION_OPTIONS.
 *
 * @throws ArgumentError naming the part that is wrong and what is accepted there.
 */
export function parseConnectionString(text: string): ConnectionString {
  if (typeof text !== 'string') throw wrong(`must be a string, not ${text === null ? 'null' : typeof text}`);
  const [, schemeText, authority, path, query, fragment] = text.match(GRAMMAR)!;
  // Checked first, so that no other message repeats a password.
  if (hasCredentials(text)) throw withCredentials();
  if (fragment !== undefined) throw wrong('must not have a # (write %23 within a bucket name or a value)');
  const { scheme, isHttp } = parseScheme(schemeText);
  const hosts = parseHosts(authority!, isHttp, text);
  const bucket = parseBucket(path);
  if (scheme === 'memcached' && bucket !== undefined) throw wrong('memcached:// has no buckets');
  return Object.freeze({ scheme, hosts: Object.freeze(hosts), bucket, options: parseOptions(query, scheme) });
}

/**
 * Formats a connection string, which parses to the same again.
 * @throws ArgumentError when a part cannot be written.
 */
export function formatConnectionString({ scheme, hosts, bucket, options }: ConnectionString): string {
  const seeds = hosts.map(({ hostname, port }) => {
    const host = hostname.includes(':') ? `[${hostname}]` : hostname;
    return port === undefined ? host : `${host}:${port}`;
  });
  const path = bucket === undefined ? '' : `/${encode(bucket)}`;
  const query = Object.entries(options).map(([name, value]) => `${name}=${encode(writtenValue(name, value))}`);
  return `${scheme}://${seeds.join(',')}${path}${query.length === 0 ? '' : `?${query.join('&')}`}`;
}

/** Returns the value of an option as text; a duration with its unit. */
function writtenValue(name: string, value: unknown): string {
  const { type } = CONNECTION_OPTIONS[name as keyof typeof CONNECTION_OPTIONS];
  return type === 'duration' ? `${value}ms` : String(value);
}

/** Whether there is an @ that only credentials can have: values of options may have one, too. */
function hasCredentials(text: string): boolean {
  return text.replaceAll(/([?&][^=&#@]*=)[^&#]*/g, '$1').includes('@');
}

function withCredentials(): ArgumentError {
  return wrong('must not contain credentials; give username and password as arguments of their own');
}

function parseScheme(text: string | undefined): { scheme: ConnectionScheme; isHttp: boolean } {
  const scheme = text?.toLowerCase();
  if (scheme === undefined || scheme === 'http') return { scheme: 'couchbase', isHttp: true };
  if (Object.hasOwn(DEFAULT_PORTS, scheme)) return { scheme: scheme as ConnectionScheme, isHttp: false };
  const schemes = Object.keys(DEFAULT_PORTS);
  const meant = scheme === 'https' ? 'couchbases' : closest(scheme, schemes);
  // Text that does not resemble a scheme may be a password in the wrong place, as everything that is cut from messages
  // here.
  if (meant === undefined)
    throw wrong(`the scheme, of ${scheme.length} characters, is not one of ${schemes.join(', ')}`);
  throw wrong(`scheme ${JSON.stringify(text)} is not one of ${schemes.join(', ')}; did you mean ${meant}://?`);
}

function parseHosts(authority: string, isHttp: boolean, text: string): SeedHost[] {
  try {
    return authority.split(/[,;]/).map((host) => parseHost(host, isHttp));
  } catch (error) {
    // A password with a ? ends up among the options.
    throw text.includes('@') ? withCredentials() : error;
  }
}

/** Returns a host for messages: without the text in the place of its port, unless that is a number. */
function shownHost(text: string): string {
  return JSON.stringify(/^[\da-f.:[\]]*$/i.test(text) ? text : text.replace(/:(?!\d+$).*$/s, ''));
}

function parseHost(text: string, isHttp: boolean): SeedHost {
  if (text === '') throw wrong('a host is empty');
  const parts = text.match(/^(\[[0-9A-Za-z:.%_-]*:[0-9A-Za-z:.%_-]*\]|[\p{L}\p{N}._-]+)(?::([^=]*)(?:=(.*))?)?$/u);
  if (parts === null) {
    const help = text.split(':').length > 2 ? '; an IPv6 address is written in brackets: [::1]:11210' : '';
    throw wrong(`${shownHost(text)} is not a host${help}`);
  }
  const [, hostname, portText, mode] = parts;
  checkMode(mode, text);
  const port = portText === undefined ? undefined : parsePort(portText, text);
  const isManagement = port !== undefined && MANAGEMENT_PORTS.includes(port);
  if (isManagement && !isHttp) {
    throw wrong(
      `${hostname}:${port} is the management service; leave the port out, or give that of KV (11210, with TLS 11207)`,
    );
  }
  return Object.freeze({ hostname: withoutBrackets(hostname!), port: isManagement ? undefined : port });
}

function parsePort(text: string, host: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw wrong(`the port of ${shownHost(host)} must be an integer from 1 to 65535`);
  return port;
}

/** Ports may name their purpose. All modes that mean KV are equivalent; there is no other way to bootstrap. */
function checkMode(mode: string | undefined, host: string): void {
  if (mode === undefined || mode === 'mcd' || mode === 'cccp' || mode === 'gcccp') return;
  const help = mode === 'http' ? 'bootstrapping over HTTP is not supported' : 'use =mcd or nothing';
  throw wrong(`the mode of ${shownHost(host)} is not known; ${help}`);
}

function parseBucket(path: string | undefined): string | undefined {
  if (path === undefined || path === '') return undefined;
  if (path.includes('/')) throw wrong(`the bucket has a slash (write %2F for one within its name)`);
  return decode(path, 'the bucket');
}

function parseOptions(query: string | undefined, scheme: ConnectionScheme): ConnectionOptions {
  if (query === undefined || query === '') return readConnectionOptions([]);
  const entries = query.split('&').map((part, index): OptionEntry => {
    const equals = part.indexOf('=');
    const what = `option ${index + 1}`;
    if (equals <= 0) throw wrong(`${what} is not of the form name=value`);
    return [
      decode(part.slice(0, equals), `the name of ${what}`),
      decode(part.slice(equals + 1), `the value of ${what}`),
    ];
  });
  for (const entry of entries) checkTlsSwitch(entry, scheme);
  const options = readConnectionOptions(entries);
  for (const name of ['tls_verify', 'trust_certificate'] as const) {
    if (scheme === 'couchbases' || options[name] === undefined) continue;
    throw wrong(`${name} needs TLS, which is couchbases:// instead of ${scheme}://`);
  }
  return options;
}

/** Options that turn TLS on in libcouchbase and in RFC 0059 must agree with the scheme, which decides here. */
function checkTlsSwitch([name, value]: OptionEntry, scheme: ConnectionScheme): void {
  if (name !== 'ssl' && name !== 'enable_tls') return;
  const isOff = value === 'off' || value === 'false';
  if (isOff !== (scheme === 'couchbases')) return;
  throw wrong(`${name} needs ${isOff ? 'couchbase' : 'couchbases'}:// instead of ${scheme}://`);
}

function decode(text: string, what: string): string {
  if (/\p{Surrogate}/u.test(text)) throw wrong(`${what} has half of a surrogate pair`);
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw wrong(`${what} is not percent-encoded UTF-8`, cause);
  }
}

function encode(text: string): string {
  if (/\p{Surrogate}/u.test(text)) throw wrong(`${JSON.stringify(text)} has half of a surrogate pair`);
  return encodeURIComponent(text);
}

function wrong(problem: string, cause?: unknown): ArgumentError {
  return new ArgumentError(`connection string: ${problem}`, { cause });
}
