import { Decrypter, Encrypter } from 'age-encryption';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, utf8 } from '../src/formats/bytes.ts';
import { FormatError } from '../src/formats/format-error.ts';
import { nativePrimitives } from '../src/platform/age-primitives.ts';
import {
  AgeError,
  generateIdentity,
  identityToRecipient,
  openAge,
  openEnvelope,
  portablePrimitives,
  randomBytes,
  readHeader,
  sealAge,
  sealEnvelope,
} from '../src/sealing/index.ts';
import { pieces } from './support/sealing-world.ts';

const chunk = 65_536;
const identity = await generateIdentity();
const recipient = await identityToRecipient(identity);

async function joined(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const piece of stream) parts.push(piece.slice());
  return concatBytes(...parts);
}
const sealBytes = (plain: Uint8Array, primitives = nativePrimitives, size?: number) =>
  joined(sealAge(pieces(plain, size), identity, recipient, primitives));
const openBytes = (sealed: Uint8Array, primitives = nativePrimitives, size?: number) =>
  joined(openAge(pieces(sealed, size), identity, primitives));

/** The code that opening ends with. */
async function codeOf(sealed: Uint8Array): Promise<string> {
  try {
    await openBytes(sealed);
    return 'opened';
  } catch (error) {
    if (error instanceof AgeError || error instanceof FormatError) return error.code;
    throw error;
  }
}

describe('age files', () => {
  it.each([0, 1, chunk - 1, chunk, chunk + 1, 2 * chunk, 3 * chunk + 5])(
    '%i bytes come back, by any cipher and library',
    async (n) => {
      const plain = randomBytes(Math.min(n, 60_000));
      const whole = new Uint8Array(n).map((_, i) => plain[i % plain.length]!);
      const sealed = await sealBytes(whole);
      expect(await openBytes(sealed)).toEqual(whole);
      expect(await openBytes(sealed, portablePrimitives, 333)).toEqual(whole);
      const decrypter = new Decrypter();
      decrypter.addIdentity(identity);
      expect(await decrypter.decrypt(sealed)).toEqual(whole);
      const encrypter = new Encrypter();
      encrypter.addRecipient(recipient);
      expect(await openBytes(await encrypter.encrypt(whole))).toEqual(whole);
    },
  );

  it('pieces of any size give the same contents', async () => {
    const plain = new Uint8Array(2 * chunk + 100).map((_, i) => i % 253);
    const sealed = await sealBytes(plain, portablePrimitives, 1);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 200_000 }), async (size) => {
        expect(await openBytes(sealed, nativePrimitives, size)).toEqual(plain);
      }),
      { numRuns: 20 },
    );
  });

  it('every changed byte is refused', async () => {
    const sealed = await sealBytes(new Uint8Array(chunk + 300));
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.nat(400), fc.nat(sealed.length - 1)),
        fc.integer({ min: 1, max: 255 }),
        async (at, flip) => {
          const changed = sealed.slice();
          changed[at]! ^= flip;
          expect(await codeOf(changed)).not.toBe('opened');
        },
      ),
      { numRuns: 150 },
    );
  });

  it('every truncation and extension is refused', async () => {
    const sealed = await sealBytes(new Uint8Array(2 * chunk));
    const header = sealed.length - 2 * (chunk + 16);
    for (const end of [0, 10, header - 17, header - 1, header, header + 15, header + chunk + 16, sealed.length - 1])
      expect(await codeOf(sealed.subarray(0, end))).not.toBe('opened');
    expect(await codeOf(sealed.subarray(0, header + chunk + 16))).toBe('payload-broken');
    expect(await codeOf(sealed.subarray(0, header))).toBe('payload-truncated');
    for (const more of [1, 16, chunk + 16])
      expect(await codeOf(concatBytes(sealed, new Uint8Array(more)))).toBe('payload-broken');
  });

  it('chunks cannot change places', async () => {
    const sealed = await sealBytes(
      randomBytes(60_000).slice(0, 0).length ? new Uint8Array() : new Uint8Array(3 * chunk),
    );
    const start = sealed.length - 3 * (chunk + 16);
    const part = (i: number) => sealed.subarray(start + i * (chunk + 16), start + (i + 1) * (chunk + 16));
    expect(await codeOf(concatBytes(sealed.subarray(0, start), part(1), part(0), part(2)))).toBe('payload-broken');
    expect(await codeOf(concatBytes(sealed.subarray(0, start), part(0), part(2)))).toBe('payload-broken');
  });

  it('another identity opens nothing', async () => {
    const sealed = await sealEnvelope(utf8('secret'), await identityToRecipient(await generateIdentity()));
    await expect(openEnvelope(sealed, identity)).rejects.toMatchObject({ code: 'identity-foreign' });
  });

  it('an envelope of a share has 577 bytes where the share has 377', async () => {
    expect((await sealEnvelope(new Uint8Array(377), recipient)).length).toBe(577);
  });
});

describe('the header is read strictly', () => {
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const codeOfHeader = (header: string) => {
    try {
      readHeader(utf8(header));
      return 'read';
    } catch (error) {
      return error instanceof FormatError ? error.code : String(error);
    }
  };

  it('one X25519 stanza of 168 bytes', async () => {
    const sealed = await sealEnvelope(utf8('x'), recipient);
    expect(readHeader(sealed).length).toBe(168);
  });

  it('a second recipient is refused', async () => {
    const encrypter = new Encrypter();
    encrypter.addRecipient(recipient);
    encrypter.addRecipient(await identityToRecipient(await generateIdentity()));
    expect(await codeOf(await encrypter.encrypt(utf8('x')))).toBe('age-header-stanzas');
  });

  it('a passphrase or another suite is refused', async () => {
    const encrypter = new Encrypter();
    encrypter.setScryptWorkFactor(1);
    encrypter.setPassphrase('x');
    expect(await codeOf(await encrypter.encrypt(utf8('x')))).toBe('suite-mismatch');
  });

  it('other spellings are refused', async () => {
    const good = text(readHeader(await sealEnvelope(utf8('x'), recipient)));
    expect(codeOfHeader(good)).toBe('read');
    const [version, stanza, body, mac] = good.split('\n') as [string, string, string, string];
    for (const bad of [
      '',
      good.slice(0, -1),
      good.replaceAll('\n', '\r\n'),
      [version, `${stanza} x`, body, mac, ''].join('\n'),
      [version, `${stanza} `, body, mac, ''].join('\n'),
      [version, stanza, `${body}=`, mac, ''].join('\n'),
      [version, stanza, body, '', mac, ''].join('\n'),
      [version, stanza, body, body, mac, ''].join('\n'),
      [version, stanza, mac, ''].join('\n'),
      [version, body, stanza, mac, ''].join('\n'),
      [version, stanza, body, `${mac}A`, ''].join('\n'),
      [version, stanza, body, mac.replace('--- ', '---'), ''].join('\n'),
      ['age-encryption.org/v2', stanza, body, mac, ''].join('\n'),
      'a'.repeat(10_000),
    ])
      expect(codeOfHeader(bad)).toBe('age-header-stanzas');
  });

  it('any bytes give a header or a FormatError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(codeOfHeader(String.fromCharCode(...bytes))).toBe('age-header-stanzas');
      }),
    );
  });
});

describe('memory stays flat: nobody reads ahead of its consumer', () => {
  const mega = 1 << 20;
  /** 64 MB that count how much of them was asked for. */
  const source = (asked: { bytes: number }) =>
    (async function* () {
      for (let i = 0; i < 64; i++) {
        asked.bytes += mega;
        yield new Uint8Array(mega);
      }
    })();

  it('sealing', async () => {
    const asked = { bytes: 0 };
    let made = 0;
    for await (const piece of sealAge(source(asked), identity, recipient, nativePrimitives)) {
      made += piece.length;
      expect(asked.bytes - made).toBeLessThanOrEqual(2 * mega);
    }
    expect(asked.bytes).toBe(64 * mega);
  });

  it('opening', async () => {
    const sealed = { bytes: 0 };
    const asked = { bytes: 0 };
    const counted = async function* () {
      for await (const piece of sealAge(source(sealed), identity, recipient, nativePrimitives)) {
        asked.bytes += piece.length;
        yield piece;
      }
    };
    let made = 0;
    for await (const piece of openAge(counted(), identity, nativePrimitives)) {
      made += piece.length;
      expect(asked.bytes - made).toBeLessThanOrEqual(mega);
    }
    expect(made).toBe(64 * mega);
  });
});
