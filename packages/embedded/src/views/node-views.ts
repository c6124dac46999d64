import type { Bucket } from '../store/bucket.js';
import { type DesignFunctions, signatureOf } from './design-document.js';
import { IndexGroup } from './index-group.js';
import { Mapper } from './mapper.js';
import { reducerOf } from './reduce.js';
import type { Sandbox } from './sandbox/sandbox.js';

/** A sample for designs in development is taken when there are more documents than this for each vbucket. */
const SAMPLE_THRESHOLD = 20;

/** The indexes on one node, for one bucket. */
export class NodeViews {
  readonly bucket: Bucket;
  readonly #sandbox: Sandbox;
  readonly #report: (message: string) => void;
  readonly #groups = new Map<string, IndexGroup>();

  constructor(bucket: Bucket, sandbox: Sandbox, report: (message: string) => void) {
    this.bucket = bucket;
    this.#sandbox = sandbox;
    this.#report = report;
  }

  /** The first active vbucket here; undefined on a node that has none. */
  get firstVbucket(): number | undefined {
    return this.bucket.vbuckets.find((vbucket) => vbucket?.state === 'active')?.id;
  }

  /**
   * The vbucket whose documents stand for all of them when a design is in development, or undefined when there are so
   * few that there is no need to. Source: couchbase/ns_server, capi_indexer.erl.
   */
  get sampleVbucket(): number | undefined {
    const documents = this.bucket.itemCount('active') + this.bucket.itemCount('replica');
    return documents > this.bucket.vbucketCount * SAMPLE_THRESHOLD ? this.firstVbucket : undefined;
  }

  /** The index of some functions, over one vbucket or over all that are active here; designs that are equal share it. */
  group(functions: DesignFunctions, vbucket: number | undefined): IndexGroup {
    const name = `${signatureOf(functions)}/${vbucket ?? ''}`;
    let group = this.#groups.get(name);
    if (group === undefined) {
      const mapper = new Mapper(functions.maps, this.#sandbox, this.#report);
      const reducers = functions.reduces.map(({ map, source }) => ({ map, reducer: reducerOf(source, this.#sandbox) }));
      const wants = (id: number): boolean => vbucket === undefined || id === vbucket;
      group = new IndexGroup(this.bucket, { functions: functions.maps.length, mapper, reducers, wants });
      this.#groups.set(name, group);
    }
    return group;
  }

  /** Forgets the indexes of other designs than these, of which the functions are given. */
  keepOnly(designs: Iterable<DesignFunctions>): void {
    const signatures = new Set([...designs].map(signatureOf));
    for (const name of this.#groups.keys()) {
      if (!signatures.has(name.slice(0, name.indexOf('/')))) this.#groups.delete(name);
    }
  }
}
