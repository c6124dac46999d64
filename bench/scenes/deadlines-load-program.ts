import { Agent, get } from 'node:http';

/** Asks a web server without end, through so many connections: each of them again as soon as it is answered. */
const [port, connections] = process.argv.slice(2).map(Number) as [number, number];
const agent = new Agent({ keepAlive: true, maxSockets: connections });

function ask(): void {
  get({ agent, host: '127.0.0.1', port }, (answer) => {
    answer.resume();
    answer.on('end', ask);
  }).on('error', () => process.exit(1));
}

for (let count = 0; count < connections; count++) ask();
// Its input ends with the process that started it.
process.stdin.resume().on('end', () => process.exit());
