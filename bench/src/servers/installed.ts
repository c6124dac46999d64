import { execFileSync } from 'node:child_process';
import { type Server, startAtFreePort } from './server.js';

/** The version that a program tells of itself; undefined when it is not installed. */
export function installedVersion(program: 'memcached' | 'redis-server'): string | undefined {
  try {
    const text = execFileSync(program, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return /\d+\.\d+(\.\d+)?/.exec(text)?.[0];
  } catch {
    return undefined;
  }
}

/** The operating system's memcached, with its default settings. */
export function startMemcached(): Promise<Server> {
  // It refuses to run as root.
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  return startAtFreePort('memcached', 'memcached', (port) => [
    ...['-l', '127.0.0.1', '-p', String(port), '-U', '0'],
    ...user,
  ]);
}

/** The operating system's redis-server, which writes nothing to disk. */
export function startRedis(): Promise<Server> {
  return startAtFreePort('redis', 'redis-server', (port) => [
    ...['--bind', '127.0.0.1', '--port', String(port)],
    ...['--save', '', '--appendonly', 'no'],
  ]);
}
