/** Trust roots come from outside the bundle; one that the bundle brings along itself proves nothing. */
import { certificatesFromPem } from '../formats/cms.ts';
import { FormatError } from '../formats/format-error.ts';
import { logPolicyOf, type TrustFile, trustFile } from '../formats/trust.ts';
import type { Roots } from './evidence.ts';

export type Trust = TrustFile;

/** Throws FormatError `trust-root`. */
export function readTrust(trust: unknown): Roots {
  const parsed = trustFile.safeParse(trust);
  if (!parsed.success) throw new FormatError('trust-root', 'no trust file from outside the bundle was given');
  try {
    const roots = parsed.data.caRoots.flatMap(certificatesFromPem);
    if (roots.length === 0) throw new FormatError('trust-root', 'no certificate root');
    return { policy: logPolicyOf(parsed.data), roots, pinned: parsed.data.pinnedCheckpoint };
  } catch (error) {
    if (error instanceof FormatError) throw new FormatError('trust-root', error.detail);
    throw error;
  }
}
