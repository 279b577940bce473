/** What is known of an object without reading it. */
export interface ObjectHead {
  readonly key: string;
  readonly sizeBytes: number;
  /** Changes whenever the content does; opaque otherwise. */
  readonly etag: string;
  readonly modifiedAt: string;
}

/** A key-addressed store of immutable objects: S3 in the cloud, a folder on a laptop. */
export interface ObjectStore {
  /**
   * Writes the object unless the key exists already; never overwrites. Two writers racing on one key: exactly one is
   * told `created: true`. A crash leaves either the whole object or none of it. `body` is bytes, text (as UTF-8), or a
   * local file that is streamed; a `signal` ends the streaming with its reason, and then nothing is written.
   * Throws OBJECT_KEY_INVALID, STORAGE_FULL.
   */
  putIfAbsent(
    key: string,
    body: ObjectBody,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<{ readonly created: boolean; readonly head: ObjectHead }>;
  /** The whole object in memory: for small ones. Throws OBJECT_NOT_FOUND. */
  get(key: string): Promise<Uint8Array>;
  /**
   * Streams the object to a new local file. With `etag`, throws OBJECT_CHANGED when the content is no longer the one
   * named, also when it changes during the read. A `signal` ends it with its reason, and leaves no file. Throws
   * OBJECT_NOT_FOUND, STORAGE_FULL.
   */
  download(
    key: string,
    filePath: string,
    options?: { readonly etag?: string; readonly signal?: AbortSignal | undefined },
  ): Promise<ObjectHead>;
  /** `undefined` when there is no such object. */
  head(key: string): Promise<ObjectHead | undefined>;
  /** One page of the objects under a prefix (plain text prefix, not a folder), in UTF-8 byte order of keys. */
  list(prefix: string, page?: { readonly cursor?: string; readonly limit?: number }): Promise<ObjectPage>;
}

export type ObjectBody = Uint8Array | string | { readonly filePath: string };

export interface ObjectPage {
  readonly objects: readonly ObjectHead[];
  /** Present when there is more. */
  readonly cursor?: string;
}
