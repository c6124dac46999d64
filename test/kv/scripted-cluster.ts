import { type Frame, Opcode, Status } from '@cb/protocol';
import { type Answer, ScriptedNode } from '../../packages/raw/test/scripted-node.js';

/** What a node, by its number, answers; what is left open is answered as by a node of a bucket without documents. */
export type ClusterScript = (frame: Frame, node: number) => Answer | undefined;

/** Several nodes that say exactly what a test tells them to, with one map. */
export class ScriptedCluster implements AsyncDisposable {
  readonly nodes: readonly ScriptedNode[];
  script: ClusterScript;
  readonly #vbuckets: readonly (readonly number[])[];

  private constructor(nodes: readonly ScriptedNode[], vbuckets: readonly (readonly number[])[], script: ClusterScript) {
    this.nodes = nodes;
    this.#vbuckets = vbuckets;
    this.script = script;
    for (const [index, node] of nodes.entries()) {
      node.script = (frame) => {
        const answer = this.script(frame, index);
        if (answer !== undefined || frame.opcode !== Opcode.GetClusterConfig) return answer;
        return { status: Status.Success, value: this.config() };
      };
    }
  }

  /** @param vbuckets for each vbucket the numbers of its nodes, the active one first. */
  static async start(
    vbuckets: readonly (readonly number[])[],
    script: ClusterScript = () => undefined,
  ): Promise<ScriptedCluster> {
    const count = 1 + Math.max(...vbuckets.flat());
    const nodes = await Promise.all(Array.from({ length: count }, () => ScriptedNode.start()));
    return new ScriptedCluster(nodes, vbuckets, script);
  }

  /** The first node. */
  get connectionString(): string {
    return this.nodes[0]!.connectionString;
  }

  /** As `host:port`, by number. */
  get names(): string[] {
    return this.nodes.map(({ port }) => `127.0.0.1:${port}`);
  }

  config(rev = 1, vbuckets = this.#vbuckets): string {
    return JSON.stringify({
      rev,
      name: 'default',
      nodesExt: this.nodes.map(({ port }) => ({ hostname: '127.0.0.1', services: { kv: port } })),
      vBucketServerMap: { numReplicas: vbuckets[0]!.length - 1, serverList: this.names, vBucketMap: vbuckets },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.nodes.map((node) => node[Symbol.asyncDispose]()));
  }
}
