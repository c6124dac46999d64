import type { Command } from '../arguments/command.js';
import { Documents } from '../pillowfight/documents.js';
import { Load } from '../pillowfight/load.js';
import { pillowfightOptions, pillowfightPlan } from '../pillowfight/plan.js';
import { ProgressLine, printReport } from '../pillowfight/report.js';
import { sessionNotes, sessionOptions, withBucket } from '../session/bucket-session.js';
import { ExitCode } from '../terminal/exit-code.js';
import { printLine } from '../terminal/terminal.js';

export const pillowfightCommand: Command = {
  name: 'pillowfight',
  summary: 'Generate load: read and write documents, and report the speed',
  operands: '',
  operandsMin: 0,
  operandsMax: 0,
  options: { ...sessionOptions, ...pillowfightOptions },
  notes: ['It runs until it is interrupted, or for --num-cycles.', '', ...sessionNotes],
  async run(args, terminal) {
    const plan = pillowfightPlan(args);
    return await withBucket(args, terminal, async ({ raw, serverNodes }) => {
      printLine(terminal, `${plan.batchSize} operations in flight to ${serverNodes.join(', ')}`);
      const documents = new Documents(plan);
      if (plan.populates) {
        const population = new Load(raw, plan, documents);
        const startedAt = performance.now();
        await population.populate();
        const seconds = (performance.now() - startedAt) / 1000;
        printLine(terminal, `${plan.items} documents written in ${seconds.toFixed(2)} s`);
        if (plan.populateOnly) return population.counts.failures === 0 ? ExitCode.success : ExitCode.failure;
      }
      const load = new Load(raw, plan, documents);
      const stop = (): void => load.stop();
      terminal.on('SIGINT', stop);
      const startedAt = performance.now();
      {
        using _line = new ProgressLine(terminal, load.counts);
        await load.run();
      }
      terminal.off('SIGINT', stop);
      printReport(terminal, load, (performance.now() - startedAt) / 1000, plan.showsTimings);
      return load.counts.failures === 0 ? ExitCode.success : ExitCode.failure;
    });
  },
};
