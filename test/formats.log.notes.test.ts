import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toBase64, toHex, utf8 } from '../src/formats/bytes.ts';
import { FormatError } from '../src/formats/format-error.ts';
import { formatAddCheckpoint, parseAddCheckpoint } from '../src/formats/log/add-checkpoint.ts';
import { openCheckpoint, parseCheckpoint, refuseSplitView, signCheckpoint } from '../src/formats/log/checkpoint.ts';
import { cosign, verifyCosignature } from '../src/formats/log/cosignature.ts';
import { leafHash, nodeHash } from '../src/formats/log/merkle.ts';
import {
  formatSignatureLine,
  formatVkey,
  type KeyType,
  logKeyType,
  parseNote,
  parseSignatureLine,
  parseVkey,
  type Signer,
  verifierKey,
  verifyEd25519,
  witnessKeyType,
} from '../src/formats/log/note.ts';
import { decodeEntries, encodeEntries, parseTilePath, tilePath, tileWidthIn } from '../src/formats/log/tiles.ts';
import { meetsQuorum, openWitnessedCheckpoint, parsePolicy } from '../src/formats/log/tlog-policy.ts';
import { formatTlogProof, parseTlogProof, verifyTlogProof } from '../src/formats/log/tlog-proof.ts';

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof FormatError) return error.code;
    throw error;
  }
  return 'accepted';
};

/** A signer of a fixed seed, by the server's library; everything is verified by the browser's. */
function signerOf(name: string, type: KeyType, seed: Uint8Array): Signer {
  const pkcs8 = Buffer.concat([fromHex('302e020100300506032b657004220420'), seed]);
  return signerOfKey(name, type, createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }));
}
function signerOfKey(name: string, type: KeyType, key: KeyObject): Signer {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return {
    key: verifierKey(name, type, new Uint8Array(spki.subarray(-32))),
    sign: (message) => new Uint8Array(sign(null, message, key)),
  };
}
const fresh = (name: string, type: KeyType) => signerOfKey(name, type, generateKeyPairSync('ed25519').privateKey);

const log = fresh('log.test.example/yangguang', logKeyType);
const witnesses = ['supervisor', 'association', 'newspaper'].map((name) => fresh(`${name}.example/w`, witnessKeyType));
const root = leafHash(utf8('only leaf'));
const checkpoint = { origin: log.key.name, size: 1n, root };
const signed = signCheckpoint(checkpoint, log);
const text = parseCheckpoint(signed).note.text;
const policyText = [
  '# the city log',
  `log ${formatVkey(log.key)} https://trade.example/log`,
  ...witnesses.map(({ key }, i) => `witness w${i}\t${formatVkey(key)} https://w${i}.example/`),
  'group outside 2 w0 w1 w2',
  'quorum outside',
  '',
].join('\n');
const policy = parsePolicy(policyText);
const cosigned = (...which: number[]) =>
  signed + which.map((i) => `${cosign(text, witnesses[i]!, 1_700_000_000n)}\n`).join('');

describe('signed notes', () => {
  /** Key, text and signature of the example in golang.org/x/mod/sumdb/note. */
  const goKey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
  const goSeed = new Uint8Array(Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1));
  const goText =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
  const goLine =
    '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=';

  it('reproduce the example of the Go implementation, byte for byte', () => {
    const signer = signerOf('PeterNeumann', logKeyType, goSeed);
    expect(formatVkey(signer.key)).toBe(goKey);
    expect(formatSignatureLine(signer.key, signer.sign(utf8(goText)))).toBe(goLine);
    const note = parseNote(`${goText}\n${goLine}\n`);
    expect(note.text).toBe(goText);
    expect(verifyEd25519(note.signatures[0]!.bytes, utf8(goText), parseVkey(goKey).publicKey)).toBe(true);
    expect(verifyEd25519(note.signatures[0]!.bytes, utf8(`${goText} `), parseVkey(goKey).publicKey)).toBe(false);
  });

  it.each([
    ['a wrong length', 'PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY=='],
    ['an id of another key', goKey.replace('c74f20a3', 'c74f20a4')],
    ['an upper-case id', goKey.replace('c74f20a3', 'C74F20A3')],
    ['a space in the name', `Peter ${goKey}`],
    ['no key', 'PeterNeumann+c74f20a3'],
    ['an unknown type', 'PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'],
  ])('refuse a vkey with %s', (_, vkey) => expect(codeOf(() => parseVkey(vkey))).toBe('schema'));

  it('split at the last empty line, so a text may hold empty lines', () => {
    expect(parseNote(`one\n\ntwo\n\n${goLine}\n`).text).toBe('one\n\ntwo\n');
  });

  it.each([
    '',
    '\n',
    `${goText}${goLine}\n`,
    `${goText}\n${goLine}`,
    `${goText}\n${goLine}\n\n`,
    `${goText}\n- x AAAA\n`,
    `a\tb\n\n${goLine}\n`,
    `a\n\n${goLine}\nx`,
  ])('refuse another form: %j', (note) => expect(codeOf(() => parseNote(note))).toBe('checkpoint-signature'));

  it('read the example of tlog-cosignature: a timestamp before 64 bytes', () => {
    const line =
      '\u2014 witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==';
    const { bytes } = parseSignatureLine(line)!;
    expect([bytes.length, new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0)]).toEqual([72, 1_679_315_147n]);
  });
});

describe('checkpoints', () => {
  it('are origin, size and root under the signature of the log', () => {
    expect(text).toBe(`log.test.example/yangguang\n1\n${toBase64(root)}\n`);
    expect(openCheckpoint(signed, log.key)).toMatchObject(checkpoint);
  });

  it.each([
    ['the size changed', signed.replace('\n1\n', '\n2\n'), 'checkpoint-signature'],
    ['the root changed', signed.replace(toBase64(root), toBase64(leafHash(utf8('x')))), 'checkpoint-signature'],
    ['a leading zero in the size', signed.replace('\n1\n', '\n01\n'), 'checkpoint-signature'],
    ['a size of 2^63', signed.replace('\n1\n', '\n9223372036854775808\n'), 'checkpoint-signature'],
    ['an extension line', signed.replace('=\n\n', '=\nextension\n\n'), 'checkpoint-signature'],
    ['another origin', signed.replaceAll('log.test', 'log.evil'), 'checkpoint-origin'],
    [
      'the signature of another key',
      signCheckpoint(checkpoint, fresh(log.key.name, logKeyType)),
      'checkpoint-signature',
    ],
    ['the text alone', text, 'checkpoint-signature'],
  ])('are refused with %s', (_, tampered, code) => expect(codeOf(() => openCheckpoint(tampered, log.key))).toBe(code));

  it('ignore lines of unknown keys', () => {
    const stranger = fresh('stranger.example', logKeyType);
    openCheckpoint(`${signed}${formatSignatureLine(stranger.key, new Uint8Array(2_420))}\n`, log.key);
  });

  it('of one size must have one root', () => {
    expect(codeOf(() => refuseSplitView(checkpoint, { ...checkpoint, root: nodeHash(root, root) }))).toBe('split-view');
    refuseSplitView(checkpoint, checkpoint);
    refuseSplitView(checkpoint, { ...checkpoint, size: 2n, root: nodeHash(root, root) });
  });
});

describe('cosignatures and policies', () => {
  it('verify, and tell their time', () => {
    const signature = parseSignatureLine(cosign(text, witnesses[0]!, 1_679_315_147n))!;
    expect(verifyCosignature(text, signature, witnesses[0]!.key)).toBe(1_679_315_147n);
  });

  it('accept a quorum and name who cosigned when', () => {
    const opened = openWitnessedCheckpoint(cosigned(0, 2), policy);
    expect([opened.witnessed, [...opened.cosigned]]).toEqual([
      true,
      [
        ['w0', 1_700_000_000n],
        ['w2', 1_700_000_000n],
      ],
    ]);
  });

  const forged = () => {
    const line = cosign(`${text} `, witnesses[1]!, 1_700_000_000n);
    return `${cosigned(0, 2)}${line}\n`;
  };
  const retimed = () => {
    const [name, body] = cosign(text, witnesses[1]!, 1_700_000_000n).split(/ (?=[^ ]+$)/) as [string, string];
    const bytes = Buffer.from(body, 'base64');
    bytes[11]! ^= 1;
    return `${cosigned(0, 2)}${name} ${bytes.toString('base64')}\n`;
  };
  it.each([
    ['too few cosignatures', () => cosigned(1), 'witness-quorum'],
    ['one witness counted twice', () => cosigned(1, 1), 'witness-quorum'],
    ['none', () => signed, 'witness-quorum'],
    ['a forged cosignature of a known key, though the quorum is there', forged, 'witness-signature'],
    ['another time', retimed, 'witness-signature'],
    ['another log', () => cosigned(0, 1).replaceAll('log.test', 'log.evil'), 'checkpoint-origin'],
  ])('refuse %s', (_, make, code) => expect(codeOf(() => openWitnessedCheckpoint(make(), policy))).toBe(code));

  it('say of a policy of `quorum none` that the log is unwitnessed', () => {
    const alone = parsePolicy(`log ${formatVkey(log.key)}\nquorum none\n`);
    expect(openWitnessedCheckpoint(signed, alone).witnessed).toBe(false);
  });

  it('count groups of groups as the example of tlog-policy does', () => {
    const six = Array.from(
      { length: 6 },
      (_, i) => `witness ${'XXXYYY'[i]}${(i % 3) + 1} ${formatVkey(fresh(`w${i}`, witnessKeyType).key)}`,
    );
    const lines = [...six, 'group X 2 X1 X2 X3', 'group Y any Y1 Y2 Y3', ' group both all X Y', 'quorum both'];
    const example = parsePolicy(lines.join('\n'));
    const met = (...names: string[]) => meetsQuorum(example, new Set(names));
    expect([met('X1', 'X3', 'Y2'), met('X1', 'Y1', 'Y2'), met('X1', 'X2', 'X3'), met()]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  const w = `witness a ${formatVkey(witnesses[0]!.key)}`;
  const w2 = `witness b ${formatVkey(witnesses[1]!.key)}`;
  it.each([
    ['no quorum', w],
    ['two quorums', `${w}\nquorum a\nquorum a`],
    ['an unknown name', `${w}\nquorum b`],
    ['a name used before its line', `quorum a\n${w}`],
    ['the same key twice', `${w}\n${w.replace('witness a', 'witness b')}\nquorum a`],
    ['a name twice', `${w}\n${w2.replace('witness b', 'witness a')}\nquorum a`],
    ['a witness named none', `${w.replace('witness a', 'witness none')}\nquorum none`],
    ['a member twice', `${w}\n${w2}\ngroup g 1 a a\nquorum g`],
    ['a member of two groups', `${w}\n${w2}\ngroup g 1 a\ngroup h 1 a b\nquorum h`],
    ['a threshold of 0', `${w}\ngroup g 0 a\nquorum g`],
    ['a threshold above its members', `${w}\ngroup g 2 a\nquorum g`],
    ['none as a member', `${w}\ngroup g 1 none\nquorum g`],
    ['a log key as a witness', `witness a ${formatVkey(log.key)}\nquorum a`],
    ['a witness key as a log', `log ${formatVkey(witnesses[0]!.key)}\nquorum none`],
    ['an unknown keyword', `${w}\nquorums a`],
    ['a carriage return', `${w}\r\nquorum a`],
  ])('refuse a policy with %s', (_, bad) => expect(codeOf(() => parsePolicy(bad))).toBe('schema'));
});

describe('proofs, tiles and requests', () => {
  const leaves = ['a', 'b', 'c'].map(utf8);
  const hashes = leaves.map(leafHash);
  const top = signCheckpoint(
    { origin: log.key.name, size: 3n, root: nodeHash(nodeHash(hashes[0]!, hashes[1]!), hashes[2]!) },
    log,
  );
  const alone = parsePolicy(`log ${formatVkey(log.key)}\nquorum none\n`);
  const proof = { extra: utf8('{"act":{}}'), index: 1n, path: [hashes[0]!, hashes[2]!], checkpoint: top };

  it('a tlog-proof reads back as it was written', () => {
    const written = formatTlogProof(proof);
    expect(written.split('\n').slice(0, 3)).toEqual([
      'c2sp.org/tlog-proof@v1',
      `extra ${toBase64(proof.extra)}`,
      'index 1',
    ]);
    expect(parseTlogProof(written)).toEqual(proof);
    verifyTlogProof(proof, leaves[1]!, alone);
    const without = { ...proof, extra: null };
    expect(parseTlogProof(formatTlogProof(without))).toEqual(without);
  });

  it.each([
    ['another leaf', () => verifyTlogProof(proof, leaves[0]!, alone), 'inclusion-proof'],
    ['another index', () => verifyTlogProof({ ...proof, index: 0n }, leaves[1]!, alone), 'inclusion-proof'],
    ['another version', () => parseTlogProof(formatTlogProof(proof).replace('@v1', '@v2')), 'inclusion-proof'],
    [
      'extra twice',
      () => parseTlogProof(formatTlogProof(proof).replace('index', 'extra AA==\nindex')),
      'inclusion-proof',
    ],
    [
      'an index with a zero',
      () => parseTlogProof(formatTlogProof(proof).replace('index 1', 'index 01')),
      'inclusion-proof',
    ],
    [
      'a broken hash',
      () => parseTlogProof(formatTlogProof(proof).replace(toBase64(hashes[0]!), 'AAAA')),
      'inclusion-proof',
    ],
    ['no checkpoint', () => parseTlogProof('c2sp.org/tlog-proof@v1\nindex 0\n\n'), 'checkpoint-signature'],
  ])('a tlog-proof with %s is refused', (_, work, code) => expect(codeOf(work)).toBe(code));

  it.each([
    [{ level: 0, n: 1_234_067n, width: 256 }, 'tile/0/x001/x234/067'],
    [{ level: 63, n: 0n, width: 1 }, 'tile/63/000.p/1'],
    [{ level: 'entries', n: 999n, width: 255 }, 'tile/entries/999.p/255'],
    [{ level: 1, n: 1_000n, width: 256 }, 'tile/1/x001/000'],
  ] as const)('a tile has the path of tlog-tiles (%#)', (tile, path) => {
    expect([tilePath(tile), parseTilePath(path)]).toEqual([path, tile]);
  });

  it.each([
    'tile/64/000',
    'tile/00/000',
    'tile/0/0',
    'tile/0/x000/001',
    'tile/0/000.p/256',
    'tile/0/000.p/0',
    'tile/0/000.p/01',
    'tile/0/x001',
    'tile/x/000',
    'tile/0/000/',
    'tile/-1/000',
  ])('no tile has the path %s', (path) => expect(parseTilePath(path)).toBeNull());

  it('tile widths are those of the 70,000 leaves in tlog-tiles', () => {
    const widths = [
      [0, 272n],
      [0, 273n],
      [0, 274n],
      [1, 0n],
      [1, 1n],
      [2, 0n],
      [3, 0n],
    ] as const;
    expect(widths.map(([level, n]) => tileWidthIn(70_000n, level, n))).toEqual([256, 112, 0, 256, 17, 1, 0]);
  });

  it('entry bundles read back, and cut ones are refused', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), (entries) => {
        const bundle = encodeEntries(entries);
        expect(decodeEntries(bundle).map(toHex)).toEqual(entries.map(toHex));
        if (bundle.length > 0) expect(codeOf(() => decodeEntries(bundle.subarray(0, -1)))).toBe('inclusion-proof');
      }),
    );
    expect(() => encodeEntries([new Uint8Array(65_536)])).toThrow(RangeError);
    expect(decodeEntries(encodeEntries([new Uint8Array(65_535)]))[0]).toHaveLength(65_535);
  });

  it('an add-checkpoint request reads back; another form is null', () => {
    const request = { oldSize: 2n, path: [hashes[0]!], checkpoint: top };
    expect(parseAddCheckpoint(formatAddCheckpoint(request))).toEqual(request);
    const texts = [
      '',
      'old 1',
      'old 01\n\nx',
      'old -1\n\nx',
      'new 1\n\nx',
      'old 1\nAAAA\n\nx',
      `old 1\n${`${toBase64(root)}\n`.repeat(64)}\nx`,
    ];
    expect(texts.map(parseAddCheckpoint)).toEqual(texts.map(() => null));
  });
});

describe('parsers of the log formats', () => {
  const parsers = {
    note: parseNote,
    checkpoint: parseCheckpoint,
    opened: (t: string) => openCheckpoint(t, log.key),
    witnessed: (t: string) => openWitnessedCheckpoint(t, policy),
    proof: parseTlogProof,
    policy: parsePolicy,
    vkey: parseVkey,
    tile: parseTilePath,
    request: parseAddCheckpoint,
    line: parseSignatureLine,
    bundle: (t: string) => decodeEntries(utf8(t)),
  };
  const samples = [
    cosigned(0, 1, 2),
    policyText,
    formatVkey(log.key),
    formatTlogProof({ extra: utf8('x'), index: 0n, path: [root], checkpoint: cosigned(0) }),
    formatAddCheckpoint({ oldSize: 1n, path: [root], checkpoint: signed }),
    'tile/0/x001/000.p/3',
  ];

  it.each(Object.entries(parsers))('%s: only a FormatError escapes, whatever comes', (_, parse) => {
    const mutated = fc
      .tuple(fc.constantFrom(...samples), fc.nat(), fc.nat(40), fc.string({ unit: 'binary', maxLength: 8 }))
      .map(([sample, at, cut, put]) => {
        const start = at % (sample.length + 1);
        return sample.slice(0, start) + put + sample.slice(start + cut);
      });
    fc.assert(
      fc.property(fc.oneof(mutated, fc.string({ unit: 'binary' })), (input) => {
        codeOf(() => parse(input));
      }),
      { numRuns: 300 },
    );
  });

  it('no change of a character in a cosigned checkpoint passes the policy as another tree', () => {
    const original = cosigned(0, 1, 2);
    const end = text.length;
    fc.assert(
      fc.property(fc.nat(end - 1), fc.integer({ min: 33, max: 126 }), (at, code) => {
        const changed = original.slice(0, at) + String.fromCharCode(code) + original.slice(at + 1);
        fc.pre(changed !== original);
        expect(['checkpoint-signature', 'checkpoint-origin']).toContain(
          codeOf(() => openWitnessedCheckpoint(changed, policy)),
        );
      }),
    );
  });
});
