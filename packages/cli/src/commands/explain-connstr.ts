import { CONNECTION_OPTIONS, type ConnectionString, defaultPort, parseConnectionString } from '@cb/protocol';
import type { Command } from '../arguments/command.js';
import { ExitCode } from '../terminal/exit-code.js';
import { printLine } from '../terminal/terminal.js';

const meaning: Readonly<Record<ConnectionString['scheme'], string>> = {
  couchbase: 'a Couchbase cluster, without encryption',
  couchbases: 'a Couchbase cluster, with TLS on every connection',
  memcached: 'plain memcached servers, a fixed list',
};

export const explainConnstrCommand: Command = {
  name: 'explain-connstr',
  summary: 'Explain a connection string, without a server',
  operands: '<string>',
  operandsMin: 1,
  operandsMax: 1,
  options: { json: { type: 'boolean', help: 'Print one line of JSON' } },
  async run(args, terminal) {
    const [text = ''] = args.operands;
    const parsed = parseConnectionString(text);
    for (const line of args.flag('json') ? [JSON.stringify(parsed)] : explain(parsed)) printLine(terminal, line);
    return ExitCode.success;
  },
};

function explain({ scheme, hosts, bucket, options }: ConnectionString): string[] {
  const port = defaultPort(scheme);
  return [
    `scheme  ${scheme}: ${meaning[scheme]}`,
    ...hosts.map((host) => `host    ${host.hostname}, port ${host.port ?? `${port} (the default)`}`),
    `bucket  ${bucket ?? 'none; the program has to say which'}`,
    ...Object.entries(options).map(([name, value]) => `option  ${name} = ${value}${unit(name)}`),
  ];
}

function unit(option: string): string {
  return CONNECTION_OPTIONS[option as keyof typeof CONNECTION_OPTIONS].type === 'duration' ? ' ms' : '';
}
