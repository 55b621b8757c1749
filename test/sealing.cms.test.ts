import fc from 'fast-check';
import forge from 'node-forge';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../src/formats/bytes.ts';
import {
  buildSignedData,
  certificateFromDer,
  certificateFromPem,
  certificateSha256,
  certificateToDer,
  certificateToPem,
  openPkcs12,
  Pkcs12Error,
  signDetached,
  verifyChain,
  verifyDetached,
} from '../src/formats/cms.ts';
import { FormatError } from '../src/formats/format-error.ts';
import { issue, testAuthority } from './support/signing-keys.ts';

const at = Temporal.Instant.from('2026-11-24T01:02:03Z');
const authority = testAuthority();
const roots = [authority.root.certificate];
const bidder = authority.signer('华夏建设');
const content = utf8('{"a":1}');
const p7s = signDetached(bidder, content, at);

/** The reason code that a call ends with, or 'accepted'. */
function codeOf(call: () => unknown): string {
  try {
    call();
    return 'accepted';
  } catch (error) {
    if (error instanceof FormatError) return error.code;
    throw error;
  }
}
const verdict = (signature: Uint8Array, bytes = content) =>
  codeOf(() => verifyDetached(bytes, signature, 'manifest-signature'));

/** Finds the SignerInfo of a signature to change it. */
function withSigner(change: (signer: forge.asn1.Asn1[]) => void): Uint8Array {
  const root = forge.asn1.fromDer(forge.util.binary.raw.encode(p7s), { decodeBitStrings: false } as never);
  const data = ((root.value as forge.asn1.Asn1[])[1]!.value as forge.asn1.Asn1[])[0]!.value as forge.asn1.Asn1[];
  change((data.at(-1)!.value as forge.asn1.Asn1[])[0]!.value as forge.asn1.Asn1[]);
  return forge.util.binary.raw.decode(forge.asn1.toDer(root).getBytes());
}

describe('detached signatures', () => {
  it('a signature verifies, names its certificate, and carries the chain', () => {
    const signed = verifyDetached(content, p7s, 'manifest-signature');
    expect(signed.certSha256).toBe(certificateSha256(bidder.certificate));
    expect(signed.intermediates.map(certificateSha256)).toEqual([certificateSha256(authority.issuing.certificate)]);
    verifyChain(signed.certificate, signed.intermediates, roots, at);
  });

  it('a signature of another content is refused', () => {
    expect(verdict(p7s, utf8('{"a":2}'))).toBe('manifest-signature');
  });

  it('a signature without signed attributes is refused by its own code', () => {
    expect(verdict(withSigner((s) => s.splice(3, 1)))).toBe('cms-attributes');
  });

  it.each([0, 1, 2])('attribute %i taken out', (n) => {
    const changed = withSigner((s) => (s[3]!.value as forge.asn1.Asn1[]).splice(n, 1));
    // contentType, signingTime, messageDigest in DER order; without the time it is only no longer the signed text.
    expect(verdict(changed)).toBe(n === 1 ? 'manifest-signature' : 'cms-attributes');
  });

  it('an attribute that stands twice is refused', () => {
    expect(
      verdict(withSigner((s) => (s[3]!.value as forge.asn1.Asn1[]).push((s[3]!.value as forge.asn1.Asn1[])[2]!))),
    ).toBe('cms-attributes');
  });

  it('SHA-1 and a signature algorithm other than RSA are refused', () => {
    const oid = (text: string) =>
      forge.asn1.create(forge.asn1.Class.UNIVERSAL, forge.asn1.Type.OID, false, forge.asn1.oidToDer(text).getBytes());
    const put = (part: number, text: string) =>
      withSigner((s) => {
        (s[part]!.value as forge.asn1.Asn1[])[0] = oid(text);
      });
    expect(verdict(put(2, '1.3.14.3.2.26'))).toBe('manifest-signature');
    expect(verdict(put(4, '1.2.840.10045.4.3.2'))).toBe('manifest-signature');
  });

  it('a certificate that did not sign, put in the place of the one that did, is refused', () => {
    const rival = authority.signer('rival');
    const forged = { ...rival, privateKey: bidder.privateKey };
    expect(verdict(buildSignedData(forged, new Uint8Array(32), []))).toBe('manifest-signature');
    expect(verdict(signDetached(forged, content, at))).toBe('manifest-signature');
  });

  it('any changed byte is refused or changes nothing that was signed', () => {
    fc.assert(
      fc.property(fc.nat(p7s.length - 1), fc.integer({ min: 1, max: 255 }), (i, flip) => {
        const changed = p7s.slice();
        changed[i]! ^= flip;
        // The certificates are not under the signature: a changed one fails at its own issuer's signature.
        const accepted = { certSha256: '' };
        const code = codeOf(() => {
          const signed = verifyDetached(content, changed, 'manifest-signature');
          verifyChain(signed.certificate, signed.intermediates, roots, at);
          accepted.certSha256 = signed.certSha256;
        });
        if (code === 'accepted') expect(accepted.certSha256).toBe(certificateSha256(bidder.certificate));
      }),
      { numRuns: 300 },
    );
  });

  it('rubbish of any kind ends in a FormatError', () => {
    const deep = new Uint8Array(60_000).fill(0x30).map((b, i) => (i % 2 ? 0x80 : b));
    for (const bytes of [deep, new Uint8Array(), new Uint8Array(70_000)])
      expect(verdict(bytes)).toBe('manifest-signature');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(verdict(bytes)).toBe('manifest-signature');
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(fc.nat(p7s.length), fc.uint8Array({ maxLength: 20 }), (cut, tail) => {
        verdict(Uint8Array.from([...p7s.slice(0, cut), ...tail])); // throws where another error escapes
      }),
      { numRuns: 200 },
    );
  });
});

describe('signatures with a changed structure', () => {
  type Node = forge.asn1.Asn1;
  const nodesOf = (node: Node): Node[] => [node, ...(Array.isArray(node.value) ? node.value.flatMap(nodesOf) : [])];
  const surgeries: Readonly<Record<string, (node: Node, other: Node) => void>> = {
    empty: (node) => {
      node.value = Array.isArray(node.value) ? [] : '';
    },
    dropFirst: (node) => {
      node.value = node.value.slice(1) as never;
    },
    double: (node) => {
      if (Array.isArray(node.value)) node.value = [...node.value, ...node.value];
    },
    transplant: (node, other) => {
      if (nodesOf(other).includes(node)) return;
      node.value = other.value;
      node.constructed = other.constructed;
      node.composed = other.composed;
    },
    retag: (node, other) => {
      node.type = other.type;
      node.tagClass = other.tagClass;
    },
  };

  it('end in a FormatError, or are believed only for the same certificate', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(surgeries)), fc.nat(), fc.nat(), (name, i, j) => {
        const tree = forge.asn1.fromDer(forge.util.binary.raw.encode(p7s), { decodeBitStrings: false } as never);
        const nodes = nodesOf(tree);
        surgeries[name]!(nodes[i % nodes.length]!, nodes[j % nodes.length]!);
        const changed = forge.util.binary.raw.decode(forge.asn1.toDer(tree).getBytes());
        const accepted = { certSha256: certificateSha256(bidder.certificate) };
        codeOf(() => {
          const signed = verifyDetached(content, changed, 'manifest-signature');
          verifyChain(signed.certificate, signed.intermediates, roots, at);
          accepted.certSha256 = signed.certSha256;
        });
        expect(accepted.certSha256).toBe(certificateSha256(bidder.certificate));
      }),
      { numRuns: 500 },
    );
  });
});

describe('certificates', () => {
  const der = certificateToDer(bidder.certificate);

  it('keep their bytes and their name through DER and PEM', () => {
    const again = certificateFromPem(certificateToPem(certificateFromDer(der)));
    expect(certificateToDer(again)).toEqual(der);
    expect(certificateSha256(again)).toBe(certificateSha256(bidder.certificate));
  });

  it('any bytes give a certificate or a FormatError', () => {
    fc.assert(
      fc.property(fc.nat(der.length - 1), fc.nat(255), (i, byte) => {
        const changed = der.slice();
        changed[i] = byte;
        codeOf(() => verifyChain(certificateFromDer(changed), [authority.issuing.certificate], roots, at));
      }),
      { numRuns: 300 },
    );
  });

  it('a changed certificate has no path', () => {
    const changed = der.slice();
    changed[der.length - 5]! ^= 1;
    expect(codeOf(() => verifyChain(certificateFromDer(changed), bidder.chain, roots, at))).toBe('certificate-chain');
  });

  const { root, issuing } = authority;
  const rootless = issue({ name: '测试根', ca: true });
  const noCa = issue({ name: 'no ca', issuer: root });
  const deep = issue({ name: 'below the issuing CA', ca: true, issuer: issuing });
  const oldCa = issue({ name: 'old', ca: true, issuer: root, until: '2026-06-01T00:00:00Z' });
  const weak = issue({ name: 'weak', issuer: root, digest: 'sha1' });
  const critical = { id: '1.2.3.4', critical: true, value: '\x05\x00' };
  it.each<[string, () => void, string]>([
    ['over an issuing CA', () => verifyChain(bidder.certificate, bidder.chain, roots, at), 'accepted'],
    ['straight under the root', () => verifyChain(noCa.certificate, [], roots, at), 'accepted'],
    ['without the issuing CA', () => verifyChain(bidder.certificate, [], roots, at), 'certificate-chain'],
    [
      'under a root of the same name',
      () => verifyChain(bidder.certificate, bidder.chain, [rootless.certificate], at),
      'certificate-chain',
    ],
    ['with no roots', () => verifyChain(bidder.certificate, bidder.chain, [], at), 'certificate-chain'],
    [
      'the root brought along as an intermediate',
      () => verifyChain(bidder.certificate, [issuing.certificate, root.certificate], [rootless.certificate], at),
      'certificate-chain',
    ],
    [
      'before its validity',
      () => verifyChain(bidder.certificate, bidder.chain, roots, Temporal.Instant.from('2019-12-31T00:00:00Z')),
      'certificate-chain',
    ],
    [
      'after its validity',
      () => verifyChain(bidder.certificate, bidder.chain, roots, Temporal.Instant.from('2049-01-02T00:00:00Z')),
      'certificate-chain',
    ],
    [
      'issued by one that is no CA',
      () => verifyChain(issue({ name: 'x', issuer: noCa }).certificate, [noCa.certificate], roots, at),
      'certificate-chain',
    ],
    [
      'below a path length of 0',
      () =>
        verifyChain(issue({ name: 'x', issuer: deep }).certificate, [deep.certificate, issuing.certificate], roots, at),
      'certificate-chain',
    ],
    [
      'under an expired CA',
      () => verifyChain(issue({ name: 'x', issuer: oldCa }).certificate, [oldCa.certificate], roots, at),
      'certificate-chain',
    ],
    ['signed with SHA-1', () => verifyChain(weak.certificate, [], roots, at), 'certificate-chain'],
    ['a CA as signer', () => verifyChain(issuing.certificate, [], roots, at), 'certificate-chain'],
    [
      'an unknown critical extension',
      () => verifyChain(issue({ name: 'x', issuer: root, extensions: [critical] }).certificate, [], roots, at),
      'certificate-chain',
    ],
    [
      'keyUsage without signing',
      () =>
        verifyChain(
          issue({ name: 'x', issuer: root, extensions: [{ name: 'keyUsage', keyEncipherment: true }] }).certificate,
          [],
          roots,
          at,
        ),
      'certificate-chain',
    ],
  ])('chain %s', (_name, call, code) => {
    expect(codeOf(call)).toBe(code);
  });
});

describe('key files', () => {
  const p12 = forge.util.binary.raw.decode(
    forge.asn1
      .toDer(
        forge.pkcs12.toPkcs12Asn1(bidder.privateKey, [bidder.certificate, ...bidder.chain], '口令 pass', {
          algorithm: 'aes256',
        }),
      )
      .getBytes(),
  );

  it('a key file opens with its passphrase and signs', () => {
    const key = openPkcs12(p12, '口令 pass');
    const signed = verifyDetached(content, signDetached(key, content, at), 'manifest-signature');
    expect(signed.certSha256).toBe(certificateSha256(bidder.certificate));
    verifyChain(signed.certificate, signed.intermediates, roots, at);
  });

  it('a wrong passphrase and a broken file are told apart', () => {
    const code = (bytes: Uint8Array, pass: string) => {
      try {
        openPkcs12(bytes, pass);
        return 'opened';
      } catch (error) {
        return error instanceof Pkcs12Error ? error.code : String(error);
      }
    };
    expect(code(p12, 'other')).toBe('passphrase-wrong');
    expect(code(p12.slice(0, 400), '口令 pass')).toBe('pkcs12-broken');
    expect(code(utf8('hello'), 'x')).toBe('pkcs12-broken');
  });
});
