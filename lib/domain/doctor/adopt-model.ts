import type { ResolvedSpec } from '../model-spec/index.ts';
import type { Signature } from '../signature/index.ts';
import { examineModel } from './examine-model.ts';
import type { Finding } from './finding.ts';

export type Adoption =
  /** The findings left are warnings. */
  | { readonly kind: 'adopted'; readonly signature: Signature; readonly findings: readonly Finding[] }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] };

/** Decides whether a model trained elsewhere can take the road of our own, and by which signature. */
export const adoptModel = ({
  bytes,
  ...options
}: {
  readonly bytes: Uint8Array;
  readonly resolved: ResolvedSpec;
  readonly sidecar?: Partial<Signature>;
  readonly maxBytes?: number;
}): Adoption => {
  const { signature, findings } = examineModel(bytes, options);
  return signature === undefined ? { kind: 'refused', findings } : { kind: 'adopted', signature, findings };
};
