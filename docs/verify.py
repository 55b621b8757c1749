#!/usr/bin/env python3
"""Checks a Yangguang evidence bundle without any of its code. Python 3.9+, no packages; openssl 3 for Ed25519.

  verify.py log DIR VKEY [WITNESS_VKEY...]  leaves -> root -> checkpoint signature (and cosignatures)
  verify.py prefix DIR CHECKPOINT VKEY      an earlier checkpoint is a prefix of this log
  verify.py receipt FILE VKEY               a receipt: commitment, inclusion path, checkpoint signature
  verify.py acts DIR LOT                    close set: hash in the log, every act opens its leaf
  verify.py identity MANIFEST RELEASE...    the age identity of a tender from the officers' released shares
"""
import base64, hashlib, json, os, subprocess, sys, tempfile

def sha(*parts): return hashlib.sha256(b"".join(parts)).digest()
def fail(why): sys.exit("WRONG: " + why)
def read(*path): return open(os.path.join(*path), "rb").read()
def canonical(value): return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

# --- Merkle tree, RFC 6962 section 2.1
def leaf_hash(leaf): return sha(b"\0", leaf)
def node(a, b): return sha(b"\1", a, b)
def root_of(hashes):
    if not hashes: return sha(b"")
    if len(hashes) == 1: return hashes[0]
    k = 1
    while 2 * k < len(hashes): k *= 2
    return node(root_of(hashes[:k]), root_of(hashes[k:]))
def root_from_path(leaf, index, size, path):
    fn, sn, r = index, size - 1, leaf  # RFC 9162 section 2.1.3.2
    for p in path:
        if sn == 0: fail("path too long")
        if fn & 1 or fn == sn:
            r = node(p, r)
            while not fn & 1 and fn: fn >>= 1; sn >>= 1
        else: r = node(r, p)
        fn >>= 1; sn >>= 1
    if sn: fail("path too short")
    return r

# --- signed notes and checkpoints, c2sp.org/signed-note, tlog-checkpoint, tlog-cosignature
def ed25519(public, message, signature):
    der = bytes.fromhex("302a300506032b6570032100") + public
    with tempfile.TemporaryDirectory() as d:
        for name, data in (("k", der), ("m", message), ("s", signature)): open(os.path.join(d, name), "wb").write(data)
        cmd = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", d + "/k", "-rawin", "-in", d + "/m", "-sigfile", d + "/s"]
        return subprocess.run(cmd, capture_output=True).returncode == 0
def checkpoint(text, vkey, witnesses=()):
    body, _, lines = text.rpartition(b"\n\n")
    body += b"\n"
    signatures = [(l.split(b" ")[1].decode(), base64.b64decode(l.split(b" ")[2])) for l in lines.splitlines()]
    def verified(key, message_of):
        name, key_id, data = key.split("+", 2)
        public = base64.b64decode(data)
        return any(n == name and s[:4].hex() == key_id and ed25519(public[1:], *message_of(s[4:])) for n, s in signatures)
    if not verified(vkey, lambda s: (body, s)): fail("the log has not signed this checkpoint")
    for key in witnesses:
        ok = verified(key, lambda s: (b"cosignature/v1\ntime %d\n" % int.from_bytes(s[:8], "big") + body, s[8:]))
        print(("cosigned by " if ok else "NOT cosigned by ") + key.split("+")[0])
    origin, size, root = body.decode().splitlines()
    if origin != vkey.split("+")[0]: fail("a checkpoint of another log")
    return int(size), base64.b64decode(root)
def leaves(folder): return [base64.b64decode(l) for l in read(folder, "log/leaves.txt").split()]

def log(folder, vkey, *witnesses):
    size, root = checkpoint(read(folder, "log/checkpoint"), vkey, witnesses)
    all_leaves = leaves(folder)
    if len(all_leaves) != size or root_of([leaf_hash(l) for l in all_leaves]) != root: fail("the leaves do not make the root")
    print(f"OK: {size} leaves, root {base64.b64encode(root).decode()}")
def prefix(folder, file, vkey):
    size, root = checkpoint(read(file), vkey)
    if root_of([leaf_hash(l) for l in leaves(folder)[:size]]) != root: fail("the log was rewritten")
    print(f"OK: the log extends the checkpoint of {size}")

# --- sealed leaves and receipts
def sealed_leaf(act, salt):
    commitment = sha(b"yangguang.org/commit/v1\n", bytes.fromhex(salt), canonical(act)).hex()
    return canonical({"commitment": commitment, "type": "sealed", "v": 1})
def receipt(file, vkey):
    head, _, note = read(file).partition(b"\n\n")
    first, extra, index, *path = head.decode().splitlines()
    opened = json.loads(base64.b64decode(extra.split(" ")[1]))
    size, root = checkpoint(note, vkey)
    leaf = leaf_hash(sealed_leaf(opened["act"], opened["salt"]))
    if root_from_path(leaf, int(index.split(" ")[1]), size, [base64.b64decode(p) for p in path]) != root: fail("not in the log")
    print("OK: " + canonical(opened["act"]).decode())
def acts(folder, lot):
    data, all_leaves = read(folder, f"close-set-{lot}.json"), leaves(folder)
    entries = [json.loads(l) for l in all_leaves]
    closes = [e["body"] for e in entries if e.get("kind") == "close" and e["body"]["lot"] == lot]
    if len(closes) != 1 or closes[0]["setSha256"] != sha(data).hex(): fail("the close set is not the logged one")
    for a in json.loads(data)["acts"]:
        if a["index"] >= closes[0]["barrier"]: fail(f"act {a['index']} is past the barrier")
        if all_leaves[a["index"]] != sealed_leaf(a["act"], a["salt"]): fail(f"act {a['index']} does not open its leaf")
        print(a["index"], a["act"]["kind"], a["act"]["handle"][:8], a["act"]["seq"], a["status"])
    print("OK")

# --- Shamir over GF(256), modulus 0x11b, byte by byte
def mul(a, b):
    p = 0
    while b:
        if b & 1: p ^= a
        a = (a << 1) ^ (0x11B if a & 0x80 else 0); b >>= 1
    return p
def inverse(a): return next(b for b in range(1, 256) if mul(a, b) == 1)
def at(points, x):
    out = bytearray(len(points[0][1]))
    for xi, yi in points:
        w = 1
        for xj, _ in points:
            if xj != xi: w = mul(w, mul(x ^ xj, inverse(xi ^ xj)))
        for i, y in enumerate(yi): out[i] ^= mul(w, y)
    return bytes(out)
def identity(manifest_file, *releases):
    data = read(manifest_file)
    manifest, name = json.loads(data), sha(data).hex()
    texts = [i["share"] for r in releases for i in json.loads(read(r))["items"] if i["manifestSha256"] == name and "share" in i]
    shares = [json.loads(t) for t in texts]
    points = [(s["x"], bytes.fromhex(s["y"])) for s in shares]
    for listed in manifest["shares"]:  # every share, also those nobody released
        text = canonical({**shares[0], "x": listed["x"], "y": at(points, listed["x"]).hex()})
        if sha(text).hex() != listed["shareSha256"]: fail(f"share {listed['x']} is not the committed one")
    print(at(points, 0).decode())

if __name__ == "__main__":
    commands = {f.__name__: f for f in (log, prefix, receipt, acts, identity)}
    if len(sys.argv) < 3 or sys.argv[1] not in commands: sys.exit(__doc__)
    commands[sys.argv[1]](*sys.argv[2:])
