import type { Bucket } from '../store/bucket.js';
import type { Clock } from '../time/clock.js';
import { functionsOf, InvalidDesignDocument, isBuiltIn, readViews, type ViewDefinition } from './design-document.js';
import { type DesignDocument, DesignDocuments } from './design-documents.js';
import { NodeViews } from './node-views.js';
import { reducerOf } from './reduce.js';
import { InvalidFunction, type Sandbox, SandboxTimeout } from './sandbox/sandbox.js';
import { notFound } from './view-error.js';
import type { ViewParams } from './view-params.js';
import { ViewQuery } from './view-query.js';

/** The part of the cluster that the views of a bucket need. */
export interface BucketViewsSetup {
  readonly name: string;
  /** The bucket's part on each node. There may be more of them later. */
  readonly parts: readonly Bucket[];
  readonly clock: Clock;
  readonly sandbox: Sandbox;
  /** Host and port of a node's view service, for messages about it. */
  address(node: number): string;
  /** Whether the node's ports are open. */
  isUp(node: number): boolean;
  /** Whether the node serves nothing for now, with its connections open. */
  isHanging(node: number): boolean;
  /** Emits warnings about what the server would log. */
  warn(message: string): void;
}

/** A view that a query is about. */
export interface FoundView {
  readonly design: DesignDocument;
  readonly name: string;
  readonly definition: ViewDefinition;
}

/** The views of a bucket: design documents, the indexes on every node, and queries that merge them. */
export class BucketViews {
  readonly designs = new DesignDocuments();
  readonly #setup: BucketViewsSetup;
  readonly #known: NodeViews[] = [];

  constructor(setup: BucketViewsSetup) {
    this.#setup = setup;
  }

  /** The indexes of each node. */
  get #nodes(): readonly NodeViews[] {
    const { name, parts, sandbox, warn } = this.#setup;
    for (const part of parts.slice(this.#known.length)) {
      this.#known.push(new NodeViews(part, sandbox, (message) => warn(`views of bucket ${name}: ${message}`)));
    }
    return this.#known;
  }

  /**
   * @param id `_design/` included
   * @throws ViewError 404 when there is no such design document, or no such view in it.
   */
  find(id: string, name: string): FoundView {
    const design = this.designs.get(id);
    if (design === undefined) {
      throw notFound(`Design document \`${id}\` missing in database \`${this.#setup.name}/master\`.`);
    }
    const definition = design.views.get(name);
    if (definition === undefined) {
      throw notFound(`View \`${name}\` not defined in local design document \`${id}\`.`);
    }
    return { design, name, definition };
  }

  /**
   * Writes a design document after compiling its functions.
   * @throws InvalidDesignDocument when it is not shaped as one, or a function has a syntax error.
   */
  async write(id: string, body: object): Promise<void> {
    for (const [name, { map, reduce }] of readViews(body)) {
      await this.#check(map, `map function of the view \`${name}'`);
      if (reduce !== undefined && !isBuiltIn(reduce))
        await this.#check(reduce, `reduce function of the view \`${name}'`);
    }
    this.designs.set(id, body);
  }

  /** Another node with active vbuckets when this one has none; undefined when it has some. */
  redirect(node: number): number | undefined {
    if (this.#nodes[node]!.firstVbucket !== undefined) return undefined;
    return this.#nodes.findIndex(({ firstVbucket }) => firstVbucket !== undefined);
  }

  /** Asks the nodes, from the one with this index. The outcome is in the query; it never rejects. */
  async query(node: number, view: FoundView, params: ViewParams): Promise<ViewQuery> {
    this.#forgetUnused();
    const { design, definition } = view;
    const functions = functionsOf(design.views);
    const nodes = this.#nodes;
    const isSample = design.id.startsWith('_design/dev_') && !params.fullSet;
    const sample = isSample ? nodes[node]!.sampleVbucket : undefined;
    const asked =
      sample === undefined ? [...nodes.keys()].filter((index) => nodes[index]!.firstVbucket !== undefined) : [node];
    const { clock, sandbox, address, isUp, isHanging, warn } = this.#setup;
    const query = new ViewQuery({
      params,
      clock,
      warn,
      mapFunction: functions.maps.indexOf(definition.map),
      reducer: params.type === 'reduce' ? reducerOf(definition.reduce!, sandbox) : undefined,
      nodes: asked.map((index) => ({
        group: nodes[index]!.group(functions, sample),
        name: index === node ? 'local' : address(index),
        isUp: () => isUp(index),
        isHanging: () => isHanging(index),
      })),
    });
    await query.prepare();
    return query;
  }

  async #check(source: string, what: string): Promise<void> {
    try {
      await this.#setup.sandbox.check(source);
    } catch (error) {
      if (!(error instanceof InvalidFunction || error instanceof SandboxTimeout)) throw error;
      throw new InvalidDesignDocument(`Syntax error in the ${what}: ${error.message}`);
    }
  }

  #forgetUnused(): void {
    const designs = [...this.designs].map(({ views }) => functionsOf(views));
    for (const node of this.#nodes) node.keepOnly(designs);
  }
}
