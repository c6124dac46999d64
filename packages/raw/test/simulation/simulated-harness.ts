import type { ConformanceHarness, Peer, PeerListener } from '../../src/conformance.js';
import type { Endpoint, EndpointEvents } from '../../src/simulation/endpoint.js';
import type { SimulatedNetwork } from '../../src/simulation/network.js';
import { SimulatedIOPS } from '../../src/simulation/simulated-iops.js';

/** A far end in the simulated network that reads whatever comes, unless it is told not to. */
class SimulatedPeer implements Peer, EndpointEvents {
  readonly #endpoint: Endpoint;
  #isReading = true;
  #received: Buffer = Buffer.alloc(0);
  #wanted: { readonly count: number; resolve(bytes: Buffer): void; reject(error: Error): void } | undefined;
  #sent: (() => void)[] = [];

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  readable(): void {
    for (let piece = this.#next(); piece !== undefined; piece = this.#next()) {
      this.#received = Buffer.concat([this.#received, piece]);
    }
    if (this.#endpoint.ended) this.writable();
    this.#settle();
  }

  writable(): void {
    const sent = this.#sent;
    this.#sent = [];
    for (const resolve of sent) resolve();
  }

  send(bytes: Buffer): Promise<void> {
    this.#endpoint.write(bytes);
    return new Promise((resolve) => this.#sent.push(resolve));
  }

  received(count: number): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#wanted = { count, resolve, reject };
      this.#settle();
    });
  }

  end(): void {
    this.#endpoint.end();
  }

  reset(): void {
    this.#endpoint.destroy();
  }

  stopReading(): void {
    this.#isReading = false;
  }

  resumeReading(): void {
    this.#isReading = true;
    this.readable();
  }

  #next(): Buffer | undefined {
    return this.#isReading ? this.#endpoint.read() : undefined;
  }

  #settle(): void {
    const wanted = this.#wanted;
    if (wanted === undefined) return;
    if (this.#received.length >= wanted.count) {
      this.#wanted = undefined;
      wanted.resolve(this.#received.subarray(0, wanted.count));
      this.#received = this.#received.subarray(wanted.count);
    } else if (this.#endpoint.ended) {
      this.#wanted = undefined;
      wanted.reject(new Error(`the connection ended after ${this.#received.length} of ${wanted.count} bytes`));
    }
  }
}

let lastPort = 1000;

/** Lets a `SimulatedIOPS` meet peers in its network, in virtual time. */
export function simulatedHarness(network: SimulatedNetwork): ConformanceHarness {
  return {
    iops: new SimulatedIOPS(network, 'client'),
    listen: () => Promise.resolve(listen(network)),
    elapse: (ms) => network.schedule.run(network.now + ms * 1000),
    unreadBytesMax: 1024 * 1024,
  };
}

function listen(network: SimulatedNetwork): PeerListener {
  const port = ++lastPort;
  const arrived: Peer[] = [];
  const waiting: ((peer: Peer) => void)[] = [];
  const endpoints: Endpoint[] = [];
  const stop = network.listen('server', port, (endpoint) => {
    endpoints.push(endpoint);
    const peer = new SimulatedPeer(endpoint);
    const next = waiting.shift();
    if (next === undefined) arrived.push(peer);
    else next(peer);
    return peer;
  });
  return {
    target: { host: 'server', port, keepAliveMs: 0, ref: true },
    accepted() {
      const peer = arrived.shift();
      return peer === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(peer);
    },
    close() {
      stop();
      for (const endpoint of endpoints) endpoint.destroy();
      return Promise.resolve();
    },
  };
}
