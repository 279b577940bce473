/** Where fresh names come from, so that tests can predict them. */
export interface Ids {
  /** A new identifier, unique and sortable by creation time: 26 lower-case Crockford base-32 characters. */
  next(): string;
  /** A secret of 256 random bits, base64url: task tokens, keys. Never sortable, never logged. */
  secret(): string;
}
