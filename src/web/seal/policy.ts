/** Who can open the tenders of a lot, read by this browser itself: every officer's signature is checked up to the roots. */
import { useQuery } from '@tanstack/react-query';
import { fromBase64, utf8 } from '../../formats/bytes.ts';
import { certificatesFromPem } from '../../formats/cms.ts';
import type { OpeningPolicy } from '../../formats/opening-policy.ts';
import { verifyOpeningPolicy } from '../../sealing/policy-check.ts';
import { type Api, RefusedError } from '../api/client.ts';
import { serverNow } from '../api/clock.ts';
import { useApiClient } from '../api/provider.tsx';
import { machineNow } from '../keys/time.ts';
import { instantOf } from './instant.ts';

export type CheckedPolicy = {
  readonly text: string;
  readonly signatures: readonly Uint8Array[];
  /** PEM. */
  readonly roots: string;
  readonly policy: OpeningPolicy;
  readonly sha256: string;
};

/** Throws RefusedError, or FormatError where a signature is missing or does not lead to a root. */
export async function readPolicy(api: Api, sha256: string): Promise<CheckedPolicy> {
  const [answer, file] = await Promise.all([
    api.read('GET /api/policies/:sha256', { params: { sha256 } }),
    api.read('GET /api/trust/roots', {}),
  ]);
  const roots = await file.text();
  const signatures = answer.signatures.map(({ p7s }) => fromBase64(p7s));
  const at = instantOf(serverNow() ?? machineNow());
  const { policy, sha256: found } = verifyOpeningPolicy(
    utf8(answer.document),
    signatures,
    certificatesFromPem(roots),
    at,
  );
  return { text: answer.document, signatures, roots, policy, sha256: found };
}

export function usePolicy(sha256: string | null | undefined) {
  const api = useApiClient();
  return useQuery<CheckedPolicy, Error>({
    queryKey: ['seal-policy', sha256],
    queryFn: () => readPolicy(api, sha256 ?? ''),
    enabled: Boolean(sha256),
    retry: (count, error) => count < 2 && error instanceof RefusedError && error.refusal.status === 0,
  });
}
