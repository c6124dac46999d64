import { ClusterMap } from '../src/cluster-map.js';
import { ArgumentError } from '../src/errors/client-errors.js';
import { chooseNetwork } from '../src/network-choice.js';

function node(name: string, external?: object) {
  return {
    hostname: `${name}.inside`,
    services: { kv: 11210, kvSSL: 11207 },
    ...(external && { alternateAddresses: { external } }),
  };
}

function mapOf(...nodesExt: object[]): ClusterMap {
  return ClusterMap.parse(JSON.stringify({ nodesExt }), 'unused');
}

const outside = (name: string, kv: number) => ({ hostname: `${name}.outside`, ports: { kv, kvSSL: kv + 1 } });
const both = mapOf(node('a', outside('a', 30000)), node('b', outside('b', 30010)));
const reached = (hostname: string, port: number, tls = false) => ({ hostname, port, tls });

describe('auto', () => {
  test.each([
    ["a node's own address", reached('b.inside', 11210), 'default'],
    ["a node's own name with another port", reached('b.inside', 12000), 'default'],
    ['a public address', reached('b.outside', 30010), 'external'],
    ['a public address over TLS', reached('b.outside', 30011, true), 'external'],
    ['a public name with another port', reached('b.outside', 1), 'external'],
    ['a public name in capitals', reached('B.Outside', 30010), 'external'],
  ])('by %s', (_, address, network) => {
    expect(chooseNetwork(both, 'auto', address)).toBe(network);
  });

  test('by a name that no node has, is external when all nodes are reachable there', () => {
    expect(chooseNetwork(both, 'auto', reached('alias', 11210))).toBe('external');
  });

  test('by a name that no node has, is default when some node is not reachable outside', () => {
    expect(chooseNetwork(mapOf(node('a', outside('a', 30000)), node('b')), 'auto', reached('x', 1))).toBe('default');
    const onlyPlain = mapOf(node('a', { hostname: 'a.outside', ports: { kv: 30000 } }));
    expect(chooseNetwork(onlyPlain, 'auto', reached('x', 1, true))).toBe('default');
    expect(chooseNetwork(onlyPlain, 'auto', reached('x', 1, false))).toBe('external');
  });

  test('tells networks that share a host apart by the port', () => {
    const shared = mapOf({
      hostname: 'localhost',
      services: { kv: 11210 },
      alternateAddresses: { external: { hostname: 'localhost', ports: { kv: 30000 } } },
    });
    expect(chooseNetwork(shared, 'auto', reached('localhost', 30000))).toBe('external');
    expect(chooseNetwork(shared, 'auto', reached('localhost', 11210))).toBe('default');
    expect(chooseNetwork(shared, 'auto', reached('localhost', 5))).toBe('default');
  });
});

test('a network may be asked for by name', () => {
  expect(chooseNetwork(both, 'external', reached('a.inside', 11210))).toBe('external');
  expect(chooseNetwork(both, 'default', reached('a.outside', 30000))).toBe('default');
});

test('a network that no node has an address in is refused', () => {
  const choose = () => chooseNetwork(both, 'extrenal', reached('a.inside', 11210));
  expect(choose).toThrow(ArgumentError);
  expect(choose).toThrow('network "extrenal": the nodes have default, external');
});
