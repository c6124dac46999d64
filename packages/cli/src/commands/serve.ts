import { Socket } from 'node:net';
import { type ClusterOptions, EmbeddedCluster } from '@cb/embedded';
import type { Arguments } from '../arguments/arguments.js';
import type { Command } from '../arguments/command.js';
import { readDesigns } from '../documents/design-file.js';
import { fillBucket } from '../documents/fill-bucket.js';
import { passwordOption } from '../session/password.js';
import { ExitCode } from '../terminal/exit-code.js';
import { printLine, type Terminal } from '../terminal/terminal.js';
import { UsageError } from '../terminal/usage-error.js';

const NODES_MAX = 64;
const REPLICAS_MAX = 3;
const VBUCKETS_MAX = 32_768;
const PORT_MAX = 65_000;
const INDEX_LAG_MS_MAX = 3_600_000;
const PASSWORD_DEFAULT = 'password';

export const serveCommand: Command = {
  name: 'serve',
  summary: 'Serve an embedded cluster',
  operands: '',
  operandsMin: 0,
  operandsMax: 0,
  options: {
    nodes: { type: 'string', short: 'n', value: 'N', help: `Number of nodes, 1 to ${NODES_MAX} (1)` },
    bucket: { type: 'string', short: 'b', value: 'NAME', help: 'A bucket; may be given more than once (default)' },
    replicas: {
      type: 'string',
      value: 'N',
      help: `Replicas of each document, 0 to ${REPLICAS_MAX} (1, or 0 with one node)`,
    },
    vbuckets: { type: 'string', value: 'N', help: 'Vbuckets of each bucket (64)' },
    username: { type: 'string', short: 'u', value: 'NAME', help: 'The administrator (Administrator)' },
    password: {
      type: 'string',
      short: 'P',
      value: 'WORD',
      help: `Their password; - asks for it (${PASSWORD_DEFAULT})`,
      isSecret: true,
    },
    host: { type: 'string', value: 'ADDRESS', help: 'Address to listen on (127.0.0.1)' },
    ports: {
      type: 'string',
      value: 'PORTS',
      help: 'default: from 11210, 8091 and 8092; or a number: from there (free ones)',
    },
    load: {
      type: 'string',
      value: 'FILE',
      help: 'Documents for the first bucket: {"id","doc"} a line, gzipped if it ends in .gz',
    },
    designs: { type: 'string', value: 'FILE', help: 'Design documents for the first bucket: {"name": {"views": …}}' },
    'index-required': { type: 'boolean', help: 'Refuse queries that no index serves, as servers before 7.6 do' },
    'index-lag': { type: 'string', value: 'MS', help: 'Milliseconds until a mutation is in the indexes (0)' },
    json: { type: 'boolean', help: 'Print one line of JSON when ready' },
  },
  notes: [
    'Serves until SIGTERM or SIGINT. When the standard input is a pipe, also until that closes: a cluster that a program',
    'started ends with the program.',
  ],
  async run(args, terminal) {
    const options = clusterOptions(args, terminal, (await passwordOption(args, terminal)) ?? PASSWORD_DEFAULT);
    const designs = args.text('designs');
    const designDocuments = designs === undefined ? [] : [...(await readDesigns(designs))];
    await using cluster = await EmbeddedCluster.start(options);
    const bucket = cluster.bucketNames[0] ?? '';
    for (const [name, design] of designDocuments) cluster.bucket(bucket).designs.set(`_design/${name}`, design);
    const load = args.text('load');
    const { connectionString, username, password } = cluster;
    if (load !== undefined) await fillBucket({ spec: `${connectionString}/${bucket}`, username, password }, load);
    const ended = untilTold(terminal);
    for (const line of args.flag('json') ? [asJson(cluster, terminal.pid)] : asText(cluster)) printLine(terminal, line);
    await ended;
    return ExitCode.success;
  },
};

function clusterOptions(args: Arguments, terminal: Terminal, password: string): ClusterOptions {
  const buckets = args.texts('bucket');
  const replicas = args.whole('replicas', 0, REPLICAS_MAX);
  const vbuckets = args.whole('vbuckets', 1, VBUCKETS_MAX);
  const host = args.text('host');
  return {
    nodes: args.whole('nodes', 1, NODES_MAX) ?? 1,
    buckets: buckets.length === 0 ? 'default' : buckets,
    users: {
      [args.text('username') ?? 'Administrator']: { password, roles: ['admin'] },
    },
    ports: portsOption(args),
    queries: {
      indexRequired: args.flag('index-required'),
      indexLagMs: args.whole('index-lag', 0, INDEX_LAG_MS_MAX),
    },
    keepAlive: true,
    onWarning: (message) => terminal.stderr.write(`cb serve: ${message}\n`),
    ...(replicas === undefined ? {} : { replicas }),
    ...(vbuckets === undefined ? {} : { vbuckets }),
    ...(host === undefined ? {} : { host }),
  };
}

function portsOption(args: Arguments): number | 'default' | 'random' {
  const text = args.text('ports');
  if (text === undefined || text === 'default') return text ?? 'random';
  if (!/^\d+$/.test(text)) throw new UsageError(`--ports must be default or a number, not ${JSON.stringify(text)}`);
  return args.whole('ports', 1, PORT_MAX) ?? 'random';
}

function asJson({ connectionString, username, password, bucketNames, nodes }: EmbeddedCluster, pid: number): string {
  const ports = nodes.map((node) => node.ports);
  return JSON.stringify({ connectionString, username, password, buckets: bucketNames, ports, pid });
}

function asText({ connectionString, username, password, bucketNames, nodes }: EmbeddedCluster): string[] {
  return [
    `Serving ${bucketNames.map((name) => `${connectionString}/${name}`).join('\n        ')}`,
    // A password that was given is not printed.
    `User    ${username}, ${password === PASSWORD_DEFAULT ? `password ${password}` : 'with the password that was given'}`,
    ...nodes.map(
      ({ hostname, ports }, index) =>
        `Node ${index}  ${hostname}: KV ${ports.kv}, management ${ports.mgmt}, views ${ports.capi}, queries ${ports.n1ql}`,
    ),
    'Ends with Ctrl-C.',
  ];
}

/** Resolves on SIGINT, SIGTERM, or the end of a standard input that another process holds open. */
function untilTold(terminal: Terminal): Promise<void> {
  const { stdin } = terminal;
  return new Promise((resolve) => {
    const told = (): void => {
      terminal.off('SIGINT', told);
      terminal.off('SIGTERM', told);
      stdin.destroy();
      resolve();
    };
    terminal.on('SIGINT', told);
    terminal.on('SIGTERM', told);
    // Files and /dev/null are at their end from the start, and a terminal has Ctrl-C: only the end of pipes and sockets
    // means that the parent process is gone.
    if (stdin.isTTY === true || !(stdin instanceof Socket)) return;
    stdin.once('close', told);
    stdin.once('end', told);
    stdin.resume();
  });
}
