/** Packages as a bidder's own program could have made them, to be sealed by its own key. */
import { concatBytes, sha256Hex, utf8 } from '../../src/formats/bytes.ts';
import { canonicalBytes } from '../../src/formats/canonical.ts';
import { writeTarHeader } from '../../src/sealing/package-tar.ts';
import type { Parts } from './stage.ts';

type Entry = { readonly path: string; readonly body?: Uint8Array; readonly header?: (header: Uint8Array) => void };

function archive(entries: readonly Entry[]): Uint8Array {
  return concatBytes(
    ...entries.flatMap(({ path, body = new Uint8Array(), header }) => {
      const block = writeTarHeader({ path, bytes: body.length });
      if (header) summed(block, header);
      return [block, body, new Uint8Array((512 - (body.length % 512)) % 512)];
    }),
    new Uint8Array(1024),
  );
}

/** Changes a header and puts the right checksum on it, so that the change itself is what is refused. */
function summed(header: Uint8Array, change: (header: Uint8Array) => void): void {
  change(header);
  header.set(utf8('        '), 148);
  const sum = header.reduce((a, b) => a + b, 0);
  header.set(utf8(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
}

const letter = utf8('letter');

/** An index in which the one file is listed with the hash of `listed`. */
function documents({ manifest, offerBytes }: Parts, bidder: string, certSha256: string, listed: Uint8Array): Entry[] {
  const { lot, policy, recipient } = manifest;
  const files = [{ path: 'files/0001.pdf', name: 'letter.pdf', sha256: sha256Hex(listed), bytes: listed.length }];
  const type = 'yangguang.org/package-index/v1';
  const index = { type, suite: 'YG1', lot, policy, recipient, bidder, certSha256, files };
  return [
    { path: 'index.json', body: canonicalBytes(index) },
    { path: 'offer.json', body: offerBytes },
  ];
}

/** Tricks by name; each is the bidder's own fault and must not stop the others. */
export const trickPackages: Readonly<Record<string, (parts: Parts, bidder: string, certSha256: string) => Uint8Array>> =
  {
    'a path that climbs': (...of) => archive([{ path: '../0001.pdf', body: letter }, ...documents(...of, letter)]),
    'a link': (...of) =>
      archive([{ path: 'files/0001.pdf', header: (h) => h.set(utf8('2'), 156) }, ...documents(...of, letter)]),
    'a bomb': () => writeTarHeader({ path: 'files/0001.bin', bytes: 8 * 2 ** 30 - 1 }),
    'a changed file': (...of) =>
      archive([{ path: 'files/0001.pdf', body: utf8('Letter') }, ...documents(...of, letter)]),
  };
