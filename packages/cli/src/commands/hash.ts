import { vbucketOf } from '@cb/protocol';
import type { Command } from '../arguments/command.js';
import { ExitCode } from '../terminal/exit-code.js';
import { printLine } from '../terminal/terminal.js';

const VBUCKETS_DEFAULT = 1024;
const VBUCKETS_MAX = 65536;

export const hashCommand: Command = {
  name: 'hash',
  summary: 'Show the vbucket of keys, without a server',
  operands: '<key>...',
  operandsMin: 1,
  operandsMax: Number.POSITIVE_INFINITY,
  options: {
    vbuckets: { type: 'string', value: 'N', help: `Number of vbuckets of the bucket (${VBUCKETS_DEFAULT})` },
    json: { type: 'boolean', help: 'Print one line of JSON for each key' },
  },
  async run(args, terminal) {
    const vbuckets = args.whole('vbuckets', 1, VBUCKETS_MAX) ?? VBUCKETS_DEFAULT;
    for (const id of args.operands) {
      const vbucket = vbucketOf(id, vbuckets);
      printLine(terminal, args.flag('json') ? JSON.stringify({ id, vbucket }) : `${id}: vbucket ${vbucket}`);
    }
    return ExitCode.success;
  },
};
