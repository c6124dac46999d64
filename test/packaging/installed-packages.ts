import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageNames, repositoryRoot } from '../house/repository.js';

const toolsDirectory = join(repositoryRoot, 'test/node_modules');

/** A folder of an application in which the packages are installed from their tarballs, as npm does it for everybody. */
export class InstalledPackages {
  readonly directory = mkdtempSync(join(tmpdir(), 'cb-installed-'));
  readonly tarballs: readonly string[];

  constructor() {
    const packs = join(this.directory, 'packs');
    const pnpm = /pnpm@[\d.]+/.exec(JSON.stringify(require('../../package.json')))![0];
    for (const name of packageNames) {
      // Built before the tests; a build for each package would take a minute.
      const args = ['--yes', pnpm, 'pack', '--pack-destination', packs, '--config.ignore-scripts=true'];
      execFileSync('npx', args, { cwd: join(repositoryRoot, 'packages', name), stdio: 'pipe' });
    }
    this.tarballs = readdirSync(packs).map((file) => join(packs, file));
    this.write('package.json', '{ "name": "application", "private": true }');
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...this.tarballs], {
      cwd: this.directory,
      stdio: 'pipe',
    });
  }

  /** Makes packages of the tests' own available to the application, as if it had installed them. */
  provide(...names: readonly string[]): void {
    for (const name of names) {
      const link = join(this.directory, 'node_modules', name);
      if (!existsSync(link)) symlinkSync(realpathSync(join(toolsDirectory, name)), link, 'junction');
    }
  }

  /** Makes Node's types available, of which the packages' declarations speak. */
  provideTypes(): void {
    mkdirSync(join(this.directory, 'node_modules/@types'), { recursive: true });
    const types = join(this.directory, 'node_modules/@types/node');
    if (!existsSync(types))
      symlinkSync(realpathSync(join(repositoryRoot, 'node_modules/@types/node')), types, 'junction');
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.directory, file), text);
  }

  /** Runs a program of JavaScript in the folder; returns what it printed, and fails with what it complained of. */
  run(program: string, ...args: readonly string[]): string {
    const { status, stdout, stderr, error } = spawnSync(program, args, {
      cwd: this.directory,
      encoding: 'utf8',
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        JEST_WORKER_ID: undefined,
        NODE_ENV: undefined,
        FORCE_COLOR: undefined,
        NO_COLOR: '1',
      },
    });
    if (status !== 0)
      throw new Error(
        `${program} ${args.join(' ')} ended with ${status}: ${error}\n${stdout.slice(-2000)}\n${stderr.slice(-2000)}`,
      );
    return stdout;
  }

  remove(): void {
    rmSync(this.directory, { recursive: true });
  }
}
