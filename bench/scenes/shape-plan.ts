import type { OperationName } from '../src/load.js';
import { IN_FLIGHT as IN_FLIGHT_AXIS } from '../src/plots.js';
import type { CurvePoint } from './scene.js';
import type { Documents } from './shape-documents.js';

/** A point before there is a server. */
export interface PlannedPoint {
  readonly x: number;
  readonly nodes: number;
  readonly documents: Documents;
  readonly operation: OperationName;
  readonly operations: number;
  readonly inFlight: number;
}

export interface CurvePlan {
  /** What the operations are. */
  readonly what: string;
  readonly x: string;
  readonly full: readonly PlannedPoint[];
  /** So small that it takes a fraction of a second. */
  readonly quick: readonly PlannedPoint[];
  /** Why the cost changes from point to point. */
  notesOf(points: readonly CurvePoint[]): string[];
}

/** What the points have in common, where it is not what they differ in. */
const BYTES = 1000;
const IN_FLIGHT = 256;
const DOCUMENTS = 8192;
const OPERATIONS = 80_000;
const OPERATIONS_QUICK = 2000;
const VALUES_QUICK = 50;

const NODES = [1, 2, 4, 8, 16, 32, 64];
const IN_FLIGHTS = [1, 4, 16, 64, 256, 1024, 4096, 16_384, 100_000];
const VALUE_BYTES = [10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000];
const LARGE_VALUE_BYTES = VALUE_BYTES.slice(3);
const COLLECTIONS = [1, 4, 16, 64, 256, 1024];

/** One after the other, operations are slow: a lap of so many takes a third of a second. */
const OPERATIONS_SEQUENTIAL = 5000;

/** Bytes that one lap moves, that all documents have, and that are in flight, at most: of long values there are fewer. */
const LAP_BYTES = 200_000_000;
const STORED_BYTES = 40_000_000;
const BYTES_IN_FLIGHT = 4_000_000;

export const CURVE_PLANS: readonly CurvePlan[] = [
  {
    what: `get, ${BYTES} bytes, ${IN_FLIGHT} in flight in all`,
    x: 'nodes',
    full: NODES.map((nodes) => nodesPoint(nodes, OPERATIONS)),
    quick: [1, 4].map((nodes) => nodesPoint(nodes, OPERATIONS_QUICK)),
    notesOf: (points) => [
      ...ratioNotes(points),
      'The more nodes share the same number of operations, the fewer of them go with one read and one write: four at 64 nodes. What is more than with one node is system calls.',
    ],
  },
  {
    what: `get, ${BYTES} bytes`,
    x: IN_FLIGHT_AXIS,
    full: IN_FLIGHTS.map((inFlight) => inFlightPoint(inFlight, Math.max(...IN_FLIGHTS), OPERATIONS)),
    quick: [1, 64, 2048].map((inFlight) => inFlightPoint(inFlight, 2048, OPERATIONS_QUICK)),
    notesOf: (points) => [
      ...ratioNotes(points),
      'One after the other, an operation is two system calls and two wake-ups. From some 10,000 in flight on, operations and results outlive the young generation of the heap and are copied: with `--max-semi-space-size=128`, 16,384 cost what 1,024 do.',
    ],
  },
  valuesPlan('get, parsed', 'get', VALUE_BYTES),
  valuesPlan('get, not parsed', 'getBytes', LARGE_VALUE_BYTES),
  valuesPlan('upsert', 'upsert', VALUE_BYTES),
  {
    what: `get, ${BYTES} bytes, ${IN_FLIGHT} in flight`,
    x: 'collections',
    full: COLLECTIONS.map((collections) => collectionsPoint(collections, OPERATIONS)),
    quick: [1, 16].map((collections) => collectionsPoint(collections, OPERATIONS_QUICK)),
    notesOf: ratioNotes,
  },
];

function nodesPoint(nodes: number, operations: number): PlannedPoint {
  const documents = { count: DOCUMENTS, bytes: BYTES, collections: 0 };
  return { x: nodes, nodes, documents, operation: 'get', operations, inFlight: IN_FLIGHT };
}

/** All points go over the same documents, as many as are ever in flight. */
function inFlightPoint(inFlight: number, inFlightMax: number, operationsMax: number): PlannedPoint {
  const documents = { count: Math.max(inFlightMax, DOCUMENTS), bytes: BYTES, collections: 0 };
  const few = Math.min(OPERATIONS_SEQUENTIAL * Math.sqrt(inFlight), operationsMax);
  const operations = Math.max(few, 3 * inFlight);
  return { x: inFlight, nodes: 1, documents, operation: 'get', operations, inFlight };
}

function collectionsPoint(collections: number, operations: number): PlannedPoint {
  const documents = { count: DOCUMENTS, bytes: BYTES, collections };
  return { x: collections, nodes: 1, documents, operation: 'get', operations, inFlight: IN_FLIGHT };
}

function valuesPlan(what: string, operation: OperationName, sizes: readonly number[]): CurvePlan {
  return {
    what: `${what}, up to ${IN_FLIGHT} or ${BYTES_IN_FLIGHT / 1e6} MB in flight`,
    x: 'bytes of a value',
    full: sizes.map((bytes) => valuesPoint(operation, bytes, OPERATIONS, DOCUMENTS)),
    quick: [sizes[0]!, 100_000].map((bytes) => valuesPoint(operation, bytes, VALUES_QUICK, VALUES_QUICK)),
    notesOf: (points) => [
      ...ratioNotes(points),
      perKilobyteNote(points),
      'Short values cost what an operation costs; for long ones it is the bytes: the kernel, the string, and JSON. Strings of megabytes are allocated apart and collected with the whole heap.',
    ],
  };
}

function valuesPoint(operation: OperationName, bytes: number, operationsMax: number, countMax: number): PlannedPoint {
  const count = within(STORED_BYTES / bytes, 4, countMax);
  const operations = within(LAP_BYTES / bytes, 20, operationsMax);
  const inFlight = within(BYTES_IN_FLIGHT / bytes, 2, IN_FLIGHT);
  return { x: bytes, nodes: 1, documents: { count, bytes, collections: 0 }, operation, operations, inFlight };
}

function within(value: number, min: number, max: number): number {
  return Math.round(Math.min(Math.max(value, min), max));
}

function ratioNotes(points: readonly CurvePoint[]): string[] {
  const cheapest = Math.min(...points.map(({ clientCpuUsecs }) => clientCpuUsecs.median));
  const ratios = points.map(({ x, clientCpuUsecs }) => `${x}: ${(clientCpuUsecs.median / cheapest).toFixed(2)}`);
  return [`Client CPU of an operation, as a multiple of the cheapest point: ${ratios.join(', ')}.`];
}

function perKilobyteNote(points: readonly CurvePoint[]): string {
  const costs = points.map(({ x, clientCpuUsecs }) => `${x}: ${((clientCpuUsecs.median / x) * 1000).toFixed(2)}`);
  return `Client CPU in microseconds for each 1,000 bytes: ${costs.join(', ')}.`;
}
