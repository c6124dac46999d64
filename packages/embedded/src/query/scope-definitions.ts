import type { CollectionName, CollectionOptions, ScopeCatalog, ScopeName } from '@cb/sqlpp';
import { TTL_SECONDS_MAX } from '../config/bucket-settings.js';
import { ManifestEditError, type ManifestEditor } from '../config/manifest-edit.js';
import type { ManagedBucket } from '../http/hosts.js';
import { tombstone } from '../store/document.js';
import { TTL_NEVER } from '../store/manifest.js';
import { systemXattrs } from '../store/xattr.js';
import type { DefinitionParts } from './definition-parts.js';
import { pathText } from './store-places.js';

const CREATE_SCOPE = [12025, 'Error while creating scope'] as const;
const DROP_SCOPE = [12026, 'Error while dropping scope'] as const;
const CREATE_COLLECTION = [12027, 'Error while creating collection'] as const;
const DROP_COLLECTION = [12028, 'Error while dropping collection'] as const;

/** An error of the engine: its code, and its message without the path. */
type Failure = readonly [code: number, what: string];

/** Changes the scopes and collections of buckets, as the cluster manager does. */
export class ScopeDefinitions implements ScopeCatalog {
  readonly #parts: DefinitionParts;

  constructor(parts: DefinitionParts) {
    this.#parts = parts;
  }

  createScope(name: ScopeName, lenient: boolean): void {
    const bucket = this.#managed(name);
    if (lenient && hasScope(bucket, name.scope)) return;
    this.#edit(bucket, CREATE_SCOPE, scopeText(name), (editor) => editor.createScope(name.scope));
  }

  dropScope(name: ScopeName, lenient: boolean): void {
    const bucket = this.#managed(name);
    if (lenient && !hasScope(bucket, name.scope)) return;
    this.#parts.places.scope(name);
    this.#edit(bucket, DROP_SCOPE, scopeText(name), (editor) => editor.dropScope(name.scope));
  }

  createCollection(name: CollectionName, { maxTtl }: CollectionOptions, lenient: boolean): void {
    const bucket = this.#managed(name);
    const scope = this.#parts.places.scope(name);
    if (lenient && scope.collections.some((each) => each.name === name.collection)) return;
    const { history } = bucket.settings;
    this.#edit(bucket, CREATE_COLLECTION, pathText(name), (editor) => {
      if (maxTtl !== undefined) checkTtl(maxTtl);
      const change = { history: history.isDefault, ...(maxTtl !== undefined && { maxTtl }) };
      editor.createCollection(name.scope, name.collection, change);
    });
  }

  dropCollection(name: CollectionName, lenient: boolean): void {
    const bucket = this.#managed(name);
    const { collections } = this.#parts.places.scope(name);
    if (!collections.some((each) => each.name === name.collection)) {
      if (lenient) return;
      throw this.#parts.places.missing(name);
    }
    this.#edit(bucket, DROP_COLLECTION, pathText(name), (editor) => editor.dropCollection(name.scope, name.collection));
  }

  /** Deletes each document as a client would, so that replicas and indexes follow. */
  flushCollection(name: CollectionName): void {
    const bucket = this.#managed(name);
    const { id } = this.#parts.places.collection(name);
    for (const [number, [active = -1]] of bucket.vbucketMap.entries()) {
      const vbucket = bucket.parts[active]?.vbuckets[number];
      for (const document of [...(vbucket?.documents(id) ?? [])]) {
        if (!document.deleted) vbucket?.commit(tombstone(document, systemXattrs(document.xattrs)));
      }
    }
  }

  /** @throws StatementError if there is no such bucket, or the user may not change its scopes */
  #managed(name: ScopeName): ManagedBucket {
    const bucket = this.#parts.places.bucket(name);
    this.#parts.rights.demandCollectionManagement(name.bucket, name.scope);
    return bucket;
  }

  #edit(bucket: ManagedBucket, [code, what]: Failure, path: string, change: (editor: ManifestEditor) => void): void {
    try {
      change(bucket.editor);
    } catch (error) {
      if (!(error instanceof ManifestEditError)) throw error;
      throw this.#parts.places.fault(code, `${what} ${path} - cause: ${error.message}`);
    }
    bucket.applyManifest();
    this.#parts.cluster.publish(bucket.name);
  }
}

function hasScope({ manifest }: ManagedBucket, name: string): boolean {
  return manifest.scopes.some((scope) => scope.name === name);
}

function scopeText({ namespace, bucket, scope }: ScopeName): string {
  return `${namespace}:${bucket}.${scope}`;
}

function checkTtl(maxTtl: number): void {
  if (maxTtl >= TTL_NEVER && maxTtl <= TTL_SECONDS_MAX) return;
  throw new ManifestEditError(400, `The value must be in range from ${TTL_NEVER} to ${TTL_SECONDS_MAX}`);
}
