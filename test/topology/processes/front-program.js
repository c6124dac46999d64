// The sockets of one node: whoever kills this process breaks every connection to the node, as a dying server does.
import net from 'node:net';

const [port, target] = process.argv.slice(2).map(Number);

const server = net.createServer({ noDelay: true }, (near) => {
  const far = net.connect({ port: target, host: '127.0.0.1', noDelay: true });
  near.pipe(far).pipe(near);
  for (const [socket, other] of [
    [near, far],
    [far, near],
  ]) {
    socket.on('error', () => other.destroy());
    socket.on('close', () => other.destroy());
  }
});

server.listen(port, '127.0.0.1', () => process.send(server.address().port));

// Whoever started this has gone.
process.on('disconnect', () => process.exit());
