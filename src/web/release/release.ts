/**
 * An officer's release on the officer's own machine: reads the work and what it is to be checked against, checks, decrypts the own
 * shares and draws up the text to sign. The opening identity stays here; only shares under a signature leave.
 * Loaded when the officer acts, so that the page stays light.
 */
import { certificatesFromPem } from '../../formats/cms.ts';
import { FormatError } from '../../formats/format-error.ts';
import { type TrustFile, trustFile } from '../../formats/trust.ts';
import { checkedRelease } from '../../sealing/release-work.ts';
import type { Api } from '../api/client.ts';

export type ReleaseAsked = {
  readonly opening: string;
  readonly lot: string;
  /** Text of the file that the officer kept: its AGE-SECRET-KEY-1... line, comments allowed. */
  readonly identityText: string;
  /** trust.json from outside the site; null: what the site itself says, which catches mistakes but not a lying site. */
  readonly trustText: string | null;
  readonly certSha256: string;
  /** Epoch milliseconds by the clock that the officer goes by. */
  readonly now: number;
};
export type Drawn = { readonly bytes: Uint8Array; readonly tenders: number; readonly faults: number };

const identityLine = /^AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}$/;

/** The one identity of the file; null where there is none or more than one. */
export function identityIn(text: string): string | null {
  const found = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => identityLine.test(line));
  return found.length === 1 ? found[0]! : null;
}

/** Throws FormatError `trust-root` where the file is no trust file. */
function trustIn(text: string): TrustFile {
  try {
    const parsed = trustFile.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
  } catch {
    // Said below.
  }
  throw new FormatError('trust-root', 'the file is no trust file');
}

async function trustOf(api: Api, trustText: string | null) {
  if (trustText !== null) {
    const trust = trustIn(trustText);
    return { trust, roots: trust.caRoots.flatMap((pem) => certificatesFromPem(pem)) };
  }
  const [roots, logVkey, witnessPolicy] = await Promise.all([
    api.read('GET /api/trust/roots', {}).then((blob) => blob.text()),
    api.read('GET /log/vkey', {}).then((blob) => blob.text()),
    api.read('GET /log/policy', {}).then((blob) => blob.text()),
  ]);
  return { trust: { logVkey: logVkey.trim(), witnessPolicy }, roots: certificatesFromPem(roots) };
}

/** Throws FormatError where a check fails, RefusedError where the server refuses. */
export async function drawRelease(api: Api, asked: ReleaseAsked): Promise<Drawn> {
  const { opening, lot } = asked;
  const identity = identityIn(asked.identityText);
  if (!identity) throw new FormatError('policy-signature', 'the file holds no opening identity');
  const { trust, roots } = await trustOf(api, asked.trustText);
  const work = await api.read('GET /api/openings/:opening/lots/:lot/release', { params: { opening, lot } });
  const { bytes, release } = await checkedRelease(work, {
    opening,
    lot,
    identity,
    certSha256: asked.certSha256,
    roots,
    trust,
    now: Temporal.Instant.fromEpochMilliseconds(Math.floor(asked.now)),
  });
  const { items } = release;
  return { bytes, tenders: items.length, faults: items.filter((item) => 'fault' in item).length };
}
