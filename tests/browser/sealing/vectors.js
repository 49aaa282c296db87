// Every known answer, computed anew by the sealing modules: a check takes the modules and the vectors, and answers with how much
// it compared and what differs.

globalThis.vectors = (() => {
  /** Compare and note what differs. */
  class Compared {
    count = 0;
    wrong = [];
    is(what, got, want) {
      this.count += 1;
      if (JSON.stringify(got) !== JSON.stringify(want)) this.wrong.push(`${what}: ${JSON.stringify(got)} is not ${JSON.stringify(want)}`);
    }
  }
  const same = (s, a, b) => s.canonicalText(a) === s.canonicalText(b);
  const bytesOf = ([len, a, b]) => Uint8Array.from({ length: len }, (_, i) => (a * (i % 251) + b) % 251);
  const filesOf = (one) => one.blobs.map(({ bytes }) => new Blob([bytesOf(bytes)]));
  const manifestOf = (kase, ctx) => kase.manifests[kase.mh.indexOf(ctx.manifest)];
  const keysOf = (s, kase) => Promise.all(kase.officers.map(({ os }) => s.officerKeys(kase.manifests[0].tender, s.unb64u(os))));

  const checks = {
    async kat(s, { kat }, c) {
      for (const { bid, seed, env, eid, body_sha256: body } of kat.cases) {
        const made = await s.seal(kat.man, kat.ctx, s.unb64u(seed), bid);
        c.is("envelope", s.canonicalText(made.envelope), s.canonicalText(env));
        c.is("eid", made.eid, eid);
        c.is("body", s.b64u(await s.sha256(made.body)), body);
        await s.selfCheck(kat.man, made, s.unb64u(seed), bid);
      }
      for (const [i, secret] of kat.officer_secrets.entries()) {
        c.is("pk", s.b64u((await s.keyPair(s.unb64u(secret))).pk), kat.man.officers[i].pk);
        c.is("kid", await s.kidOf(s.unb64u(kat.man.officers[i].pk)), kat.man.officers[i].kid);
      }
    },

    async officers(s, { full }, c) {
      for (const kase of full.cases) {
        const { locks } = kase, [manifest] = kase.manifests;
        for (const [i, keys] of (await keysOf(s, kase)).entries()) {
          const listed = manifest.officers[i];
          c.is("keys", [keys.kid, keys.pk, keys.vk], [listed.kid, listed.pk, listed.vk]);
        }
        c.is("prf input", s.b64u(await s.prfInput()), locks.prf_input);
        for (const { secret, record } of locks.records) {
          const lock = { kind: record.kind, officer: locks.officer, cred: record.cred, tender: manifest.tender, kid: manifest.officers[0].kid };
          const plain = record.kind === "os" ? kase.officers[0].os : locks.uk;
          c.is(record.kind, s.b64u(await s.unlockRecord(lock, s.unb64u(secret), record)), plain);
          c.is(record.kind, await s.lockRecord(lock, s.unb64u(secret), s.unb64u(plain), s.unb64u(record.iv)), record);
          if (record.kind !== "code") continue;
          c.is("code", await s.recoveryText(s.unb64u(secret)), locks.code_text);
          const typed = locks.code_text.toLowerCase().replaceAll("-", " ").replaceAll("0", "o").replaceAll("1", "l");
          c.is("typed", s.b64u(await s.readRecovery(typed)), secret);
        }
      }
    },

    async seals(s, { full }, c) {
      for (const kase of full.cases) {
        for (const one of kase.seals) {
          const what = `${kase.name} ${one.eid}`, blobs = [];
          for (const [i, file] of filesOf(one).entries()) {
            const made = await s.sealAttachment(file, s.unb64u(one.blobs[i].rand));
            blobs.push(made.blob);
            c.is(`${what} key`, made.file.key, one.bid.fields.find(([path]) => path === `files/${i}`)[1].key);
          }
          c.is(`${what} seed`, s.b64u(await s.freshSeed(s.unb64u(one.rand), one.ctx, one.bid)), one.seed);
          const made = await s.seal(manifestOf(kase, one.ctx), one.ctx, s.unb64u(one.seed), one.bid, blobs);
          c.is(`${what} shape`, s.envelopeFaults(one.envelope), []);
          c.is(`${what} eid`, await s.eidOf(one.envelope), one.eid);
          if (!one.altered) await s.selfCheck(manifestOf(kase, one.ctx), made, s.unb64u(one.seed), one.bid);
          c.is(`${what} alike`, same(s, made.envelope, one.envelope), !one.altered || one.altered === "schema");
          if (!one.altered) c.is(`${what} body`, s.b64u(await s.sha256(made.body)), one.body_sha256);
        }
      }
    },

    async results(s, { full }, c) {
      for (const kase of full.cases) {
        const pairs = (await keysOf(s, kase)).map((keys) => keys.pair);
        for (const want of kase.results) {
          const one = kase.seals.find(({ eid }) => eid === want.eid), manifest = manifestOf(kase, one.ctx);
          const ch = await s.contextHash(one.ctx), shares = new Map();
          for (const x of want.from) shares.set(x, await s.hpkeOpen(pairs[x - 1], s.wrapInfo(ch, x), s.unb64u(one.envelope.wraps[x - 1])));
          const got = await s.openEnvelope(manifest, await stored(s, kase, one, want.damaged), shares);
          const { result, fault, plain_sha256: plain, seed } = want;
          c.is(`${want.eid} ${want.from}`, [got.result, got.fault, got.plain_sha256], [result, fault, plain]);
          if (seed) c.is("seed", got.seed, seed);
        }
      }
    },

    async disclosed(s, { full }, c) {
      for (const { disclosed: shown, seals } of full.cases) {
        const one = seals.find(({ eid }) => eid === shown.eid), { disc } = one.envelope;
        const derive = await s.derivation(await s.contextHash(one.ctx), s.unb64u(one.seed));
        const { eid, ...made } = shown;
        c.is("shown", s.canonicalText(await s.disclose(derive, one.bid.fields, shown.j)), s.canonicalText(made));
        c.is("holds", await s.disclosureHolds(shown, disc), true);
        c.is("other field", await s.disclosureHolds({ ...shown, field: [shown.field[0], "9.99"] }, disc), false);
        c.is("other place", await s.disclosureHolds({ ...shown, j: shown.j + 1 }, disc), false);
        const empty = { ...await s.disclose(derive, one.bid.fields, disc.n - 1), field: null };
        c.is("an empty place", await s.disclosureHolds(empty, disc), false);
      }
    },

    async tables(s, { full }, c) {
      for (const { tables } of full.cases) {
        for (const [length, body, blob] of tables.pad) c.is(`pad ${length}`, [s.bodyBucket(length), s.blobBucket(length)], [body, blob]);
        for (const [micros, text] of tables.written) c.is(`written ${micros}`, s.written(micros), text);
        for (const [fields, n] of tables.disc_n) c.is(`disc_n ${fields}`, s.disclosureSize(fields), n);
      }
    },

    async hpke(s, { hpke }, c) {
      const hex = (text) => Uint8Array.from(text.match(/../g) ?? [], (each) => parseInt(each, 16));
      const one = hpke.find(({ kem_id: kem, aead_id: aead }) => Number(kem) === 32 && Number(aead) === 2);
      const pair = await s.keyPair(hex(one.ikmR)), [first] = one.encryptions;
      c.is("skRm", s.b64u(pair.sk), s.b64u(hex(one.skRm)));
      c.is("pkRm", s.b64u(pair.pk), s.b64u(hex(one.pkRm)));
      const plain = hex(first.pt ?? first.plaintext), wrap = s.concat(hex(one.enc), hex(first.ct ?? first.ciphertext));
      c.is("sealed", s.b64u(await s.hpkeSeal(pair.pk, hex(one.info), plain, hex(one.ikmE), hex(first.aad))), s.b64u(wrap));
      c.is("opened", s.b64u(await s.hpkeOpen(pair, hex(one.info), wrap, hex(first.aad))), s.b64u(plain));
    },

    async manifests(s, { full }, c) {
      for (const kase of full.cases) {
        c.is("chain", await s.chainFaults(kase.manifests), []);
        for (const [i, manifest] of kase.manifests.entries()) c.is("hash", await s.manifestHash(manifest), kase.mh[i]);
        c.is("committee", await s.committeeCode(kase.manifests[0]), kase.committee_code);
        const accepts = kase.accepts.map((sig, i) => ({ x: i + 1, sig }));
        c.is("accepted", await s.allAccepted(kase.manifests[0], accepts), true);
        c.is("one is missing", await s.allAccepted(kase.manifests[0], accepts.slice(1)), false);
        for (const [i, keys] of (await keysOf(s, kase)).entries()) c.is("accept", await keys.sign(s.acceptMessage(kase.mh[0])), kase.accepts[i]);
        for (const { event } of eventsOf(kase).filter((each) => each.event.type === "tender.addendum")) {
          const manifest = kase.manifests[kase.mh.indexOf(event.manifest)], forged = { x: 1, sig: kase.accepts[0] };
          c.is("addendum", await s.addendumSigned(manifest, event.sigs), true);
          c.is("one is forged", await s.addendumSigned(manifest, [...event.sigs, forged]), false);
          c.is("nobody", await s.addendumSigned(manifest, []), false);
          c.is("one twice", await s.addendumSigned(manifest, [...event.sigs, ...event.sigs]), false);
        }
      }
    },

    async spoilt(s, { full }, c) {
      for (const kase of full.cases) {
        const [manifest] = kase.manifests, { envelope } = kase.seals[0];
        for (const [path, spoil] of Object.entries(spoiltManifests(s))) {
          const faults = await s.manifestFaults(altered(manifest, spoil));
          c.is(`manifest ${path}`, faults.some((each) => each.path.startsWith(`manifest.${path.split(" ")[0]}`)), true);
        }
        const next = { ...manifest, ver: 2, prev: kase.mh[0] };
        c.is("an addendum", await s.addendumFaults(manifest, next), []);
        for (const [path, spoil] of Object.entries(spoiltAddenda(manifest))) {
          const faults = await s.addendumFaults(manifest, altered(next, spoil));
          c.is(`addendum ${path}`, faults.map((each) => each.path), [`manifest.${path.split(" ")[0]}`]);
        }
        for (const [path, spoil] of Object.entries(spoiltEnvelopes())) {
          const faults = s.envelopeFaults(altered(envelope, spoil));
          c.is(`envelope ${path}`, faults.some((each) => each.path.startsWith(`envelope.${path.split(" ")[0]}`)), true);
        }
        for (const bid of spoiltBids()) c.is("bid", s.bidFaults(bid).length > 0, true);
      }
    },

    async assertions(s, given, c) {
      const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
      const pk = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)), eids = [s.b64u(new Uint8Array(32))];
      const key = { alg: "webauthn-es256", kid: await s.kidOf(pk), pk: s.b64u(pk), rp_id: "bids.example", origin: "https://bids.example" };
      const challenge = s.b64u(await s.passkeyChallenge("submit", eids));
      const made = async ({ flags = 5, rp = key.rp_id, ...said }) => {
        const auth = s.concat(await s.sha256(s.utf8(rp)), Uint8Array.of(flags, 0, 0, 0, 1));
        const client = s.utf8(JSON.stringify({ type: "webauthn.get", challenge, origin: key.origin, crossOrigin: false, ...said }));
        const raw = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, pair.privateKey, s.concat(auth, await s.sha256(client)));
        const response = { authenticatorData: auth, clientDataJSON: client, signature: derOf(new Uint8Array(raw)) };
        return s.vendorSigned(s.passkeySignature(key, eids, { rawId: new Uint8Array(16), response }), key, "submit");
      };
      for (let i = 0; i < 20; i += 1) c.is("an assertion", await made({}), true);
      for (const [what, change] of Object.entries({
        "nobody there": { flags: 4 }, "nobody recognized": { flags: 1 }, "other site": { rp: "other.example" }, "inside another": { crossOrigin: true },
        "registering": { type: "webauthn.create" }, "other challenge": { challenge: eids[0] }, "other origin": { origin: "https://other.example" },
      })) c.is(what, await made(change), false);
    },

    async signatures(s, { full }, c) {
      for (const kase of full.cases) {
        const keys = eventsOf(kase).filter(({ event }) => event.type === "vendor.key").map(({ event }) => event);
        for (const [hash, { verb, vendor, sig }] of Object.entries(kase.sigs)) {
          const key = keys.find((each) => each.kid === sig.kid), mh = kase.mh.at(-1);
          c.is("hash", await s.signatureHash(sig), hash);
          c.is(`${verb} ${vendor}`, await s.vendorSigned(sig, key, verb, mh), true);
          c.is("other verb", await s.vendorSigned(sig, key, verb === "submit" ? "withdraw" : "submit"), false);
          c.is("other origin", await s.vendorSigned(sig, { ...key, origin: "https://other.example" }, verb, mh), sig.alg === "ed25519");
          if (sig.alg !== "ed25519") continue;
          const own = await s.vendorKeyOf(s.unb64u(kase.vendors[vendor].seed));
          c.is("made", await s.signAsVendor(own, verb, sig.eids, mh), sig);
        }
      }
    },

    async log(s, { full }, c) {
      for (const { log, promises, receipts } of full.cases) {
        const leaves = await Promise.all(log.leaves.map((leaf) => leafOf(s, leaf)));
        const hashes = await Promise.all(leaves.map((each) => s.leafHash(each)));
        for (const [size, note] of Object.entries(log.checkpoints)) {
          const checkpoint = await s.readCheckpoint(note, log.vkey, log.origin);
          c.is("root", s.b64u(checkpoint.root), s.b64u(await s.rootOf(hashes.slice(0, Number(size)))));
        }
        c.is("witness", await s.cosignedBy(log.cosigned, [log.witness.vkey]), 1);
        c.is("no witness", await s.cosignedBy(log.checkpoints[log.close_size], [log.witness.vkey]), 0);
        const [old, now] = [log.close_size, log.sizes.at(-1)], proof = log.consistency.map((each) => s.unb64u(each));
        const roots = [await s.rootOf(hashes.slice(0, old)), await s.rootOf(hashes)];
        c.is("grew", await s.grew(old, now, proof, ...roots), true);
        c.is("did not", await s.grew(old, now, proof, roots[1], roots[0]), false);
        for (const [index, text] of Object.entries(promises)) {
          c.is("promise", s.b64u((await s.readPromise(text, log.vkey, log.origin)).leaf), s.b64u(leaves[index]));
          c.is("altered promise", await alters(text, 40, (each) => s.readPromise(each, log.vkey, log.origin)), []);
        }
        const [[, first]] = Object.entries(promises), [head, extra, , ...lines] = first.split("\n");
        const text = `${lines[0]}\n${lines[1]}\n2026-12-01T15:00:00.000Z\n${lines[3]}\n`, logKey = await s.readVerifierKey(log.vkey);
        const signed = s.b64(s.concat(logKey.id, await s.signEd25519(s.unb64u(log.seed), s.utf8(text))));
        const untimely = `${head}\n${extra}\n\n${text}\n\u2014 ${log.origin} ${signed}\n`;
        c.is("other time", await s.readPromise(untimely, log.vkey, log.origin).catch((error) => error.message), "the promise names another time than its event");
        for (const [index, text] of Object.entries(receipts)) {
          const read = await s.readReceipt(text, log.vkey, log.origin, [log.witness.vkey]);
          c.is("receipt", [read.index, s.b64u(read.leaf), read.cosigned], [Number(index), s.b64u(leaves[index]), 1]);
          const strict = async (each) => { if ((await s.readReceipt(each, log.vkey, log.origin, [log.witness.vkey])).cosigned < 1) throw new Error("witness"); };
          c.is("altered receipt", await alters(text, 40, strict), []);
        }
      }
    },

    async closing(s, { full }, c) {
      for (const kase of full.cases) {
        for (const x of kase.officers.keys()) {
          const told = await s.verifyClose(await closeGiven(s, kase, x));
          c.is(`officer ${x + 1}`, told.refusals, []);
          c.is("close", told.close, kase.releases[0].release.close);
        }
        const own = await closeGiven(s, kase, 0);
        await spoilt(s, kase, own);
        c.is("forged honestly", (await s.verifyClose(own)).refusals.map(({ name }) => name), ["witness"]);
        for (const [want, spoil] of Object.entries(spoilt(s, kase))) {
          const given = await closeGiven(s, kase, 0);
          await spoil(given);
          const names = new Set((await s.verifyClose(given)).refusals.map(({ name }) => name));
          c.is(`${want} is named`, names.has(want.split(" ")[0]), true);
        }
      }
    },

    async releases(s, { full }, c) {
      for (const kase of full.cases) {
        const keys = await keysOf(s, kase), envelopes = new Map(kase.seals.map((one) => [one.eid, one.envelope]));
        const events = eventsOf(kase).map(({ event }) => event), closed = events.find(({ type }) => type === "tender.closed");
        const passed = events.find(({ type }) => type === "stage.passed");
        for (const posted of kase.releases) {
          const { x, env, close, at } = posted.release, due = s.dueSet(closed, env, passed?.vendors ?? null);
          const made = await s.makeRelease(keys[x - 1], x, env, close, at, due, envelopes);
          const forged = made.release.items.filter((item, i) => posted.release.items[i].share !== item.share).map(({ eid }) => [x, eid]);
          c.is("forged", forged, kase.forged.filter(([who]) => who === x && env === "price"));
          if (!forged.length) c.is("release", s.canonicalText(made), s.canonicalText(posted));
          c.is("faults", await s.releaseFaults(posted, kase.manifests[0], env, close, due), []);
          c.is("other set", (await s.releaseFaults(posted, kase.manifests[0], env, close, due.slice(1))).length, 1);
          c.is("logged", events.some(({ type, hash }) => type === "release.received" && hash === undefined), false);
          const hash = await s.releaseHash(posted);
          c.is("hash", events.some((event) => event.type === "release.received" && event.hash === hash), true);
        }
        const [posted] = kase.releases, { env, close } = posted.release, due = s.dueSet(closed, env, passed?.vendors ?? null);
        for (const [path, change] of Object.entries({
          "release tender": { tender: "OTHER" }, "release env": { env: env === "price" ? "technical" : "price" }, "release.kid": { kid: keys[1].kid },
          "release.close": { close: { ...close, size: close.size + 1 } }, "release.close root": { close: { ...close, root: keys[0].pk } },
          "release.at": { at: "2026-12-01T16:59:59.999Z" }, "release.items": { items: [] },
        })) {
          const release = { ...posted.release, ...change }, sig = await keys[0].sign(s.releaseMessage(release));
          const faults = await s.releaseFaults({ release, sig }, kase.manifests.at(-1), env, close, due);
          c.is(path, faults.map((each) => each.path), [path.split(" ")[0]]);
        }
        const other = { ...posted, sig: kase.releases[1].sig };
        c.is("sig", (await s.releaseFaults(other, kase.manifests.at(-1), env, close, due)).map((each) => each.path), ["sig"]);
        const spoiltOne = structuredClone(kase.seals[0].envelope);
        spoiltOne.sc[0] = spoiltOne.sc[1];
        c.is("wrap", await s.ownShare(keys[0], 1, kase.seals[0].eid, spoiltOne), { eid: kase.seals[0].eid, fault: "wrap" });
        for (const [x, eid] of kase.forged) {
          const shares = s.releasedShares(kase.releases.filter(({ release }) => release.env === "price"), eid);
          c.is("named", (await s.validShares(envelopes.get(eid), shares)).has(x), false);
        }
        for (const { x, sig } of passed?.sigs ?? []) {
          const message = s.stageMessage(closed.tender, passed.close, passed.vendors);
          c.is("stage", await s.officerSigned(kase.manifests[0], { x, sig }, message), true);
        }
      }
    },

    async merkle(s, { merkle }, c) {
      for (const { leafIdx: index, treeSize: size, root, leafHash: leaf, proof, desc, wantErr: wrong } of merkle) {
        const path = (proof ?? []).map((each) => s.unb64(each));
        c.is(desc, await s.leadsToRoot(s.unb64(leaf), index, size, path, s.unb64(root)), !wrong);
      }
    },

    async note(s, { note }, c) {
      const key = await s.readVerifierKey(note.vkey);
      c.is("signed", await s.noteSignedBy(note.text, key), true);
      c.is("altered", await s.noteSignedBy(note.text.replace("c", "d"), key), false);
      c.is("other id", await s.readVerifierKey(note.vkey.replace("+5", "+6")).catch((error) => error.constructor.name), "NoteFault");
    },

    async fresh(s, { full: { cases: [{ seals: [one] }] } }, c) {
      const random = s.unb64u(one.rand), seed = async (bid) => s.b64u(await s.freshSeed(random, one.ctx, bid));
      c.is("bid", await seed(one.bid) === await seed({ ...one.bid, note: "other" }), false);
      const key = async (text) => (await s.sealAttachment(new File([text], "a.txt"), random)).file.key;
      c.is("file", await key("a") === await key("b"), false);
      c.is("name", (await s.sealAttachment(new Blob(["a"]), random)).file.media, "application/octet-stream");
      const sizes = await Promise.all([["1.00"], Array(60).fill("1.00")].map(async (prices) => {
        const fields = prices.map((price, i) => [`items/${i}`, { price }]), man = { quorum: 2, officers: [] };
        const { envelope } = await s.seal(man, one.ctx, random, { fields, note: "" });
        return [envelope.body.len, envelope.disc.n];
      }));
      c.is("1 and 60 lines look alike", sizes[0], sizes[1]);
    },

    async files(s, given, c) {
      const key = new Uint8Array(32).fill(7);
      for (const length of [0, 1, 65535, 65536, 131072, 1048575, 1048576, 3000001]) {
        const file = new Blob([bytesOf([length, 7, 3])]), told = [];
        const { sealed, len, root } = await s.sealFile(key, file, (done, all) => told.push([done, all]));
        c.is("length", [len, sealed.size], [s.blobBucket(length) + 16 * told.length, len]);
        c.is("progress", told.at(-1), [s.blobBucket(length), s.blobBucket(length)]);
        c.is("root", s.b64u(await s.sealedRoot(sealed)), s.b64u(root));
        const opened = await s.openFile(key, sealed, length), whole = s.padded(new Uint8Array(await file.arrayBuffer()), s.blobBucket(length));
        c.is("opened", s.b64u(await s.sha256(new Uint8Array(await opened.arrayBuffer()))), s.b64u(await s.sha256(bytesOf([length, 7, 3]))));
        c.is("in one piece", s.b64u(await s.sha256(await s.sealStream(key, whole))), s.b64u(await s.sha256(new Uint8Array(await sealed.arrayBuffer()))));
        const faulty = (cut, claimed) => s.openFile(key, cut, claimed).then(() => null, (error) => error.fault);
        c.is("shorter", await faulty(sealed.slice(0, sealed.size - 1), length), "blob");
        c.is("other length", await faulty(sealed, length + 1), "blob");
      }
    },

    async slips(s, { full: { cases: [{ locks: { code_text: code } }] } }, c) {
      const said = (text) => s.readRecovery(text).then(() => "read", (error) => error.message);
      c.is("a character too few", await said(code.slice(1)), "A recovery code has 28 characters; these are 27.");
      c.is("a strange one", (await said(code.replace(/^./, "U"))).startsWith("A recovery code has no “U”"), true);
      const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ", last = digits[digits.indexOf(code.at(-3)) + 1];
      c.is("bits beyond the code", await said(code.slice(0, -3) + last + code.slice(-2)) === "read", false);
      for (let at = 0; at < code.length; at += 1) {
        if (code[at] === "-") continue;
        const other = code[at] === "7" ? "8" : "7", found = await said(code.slice(0, at) + other + code.slice(at + 1));
        c.is(`slip at ${at}`, found === "read", false);
      }
    },

    async strict(s, given, c) {
      const refused = (read) => { try { return read() === null; } catch (error) { return error instanceof s.BadEncoding; } };
      for (const text of ["AB", "A", "AA==", "A+", "AA ", "A/", "\u00e9", 7, null]) c.is(`${text}`, refused(() => s.unb64u(text)), true);
      for (const text of ["AB==", "AA", "A-==", "AA==\n", " AA=="]) c.is(`${text}`, refused(() => s.unb64(text)), true);
      c.is("length", refused(() => s.unb64u("AAAA", 2)), true);
      c.is("long", s.unb64u(s.b64u(new Uint8Array(100001).fill(9))).length, 100001);
      for (const text of ["0", "-1.50", "0.0001", "-0.1"]) c.is(text, s.isDecimal(text), true);
      for (const text of ["-0", "-0.00", "01", "1.", ".5", "1e3", "+1", 1]) c.is(`${text}`, s.isDecimal(text), false);
    },

    async faults(s, { full: { cases: [{ manifests: [manifest], seals }] } }, c) {
      const one = seals.find(({ blobs }) => blobs.length), files = filesOf(one), seed = s.unb64u(one.seed);
      const { body, blobs } = await stored(s, { manifests: [manifest], mh: [one.ctx.manifest] }, one, false);
      const derive = await s.derivation(await s.contextHash(one.ctx), seed), key = await derive("stream/0");
      const opens = async (changed, other = body, kept = blobs) => {
        const envelope = { ...one.envelope, ...changed, body: { len: other.length, sha256: s.b64u(await s.sha256(other)) } };
        return (await s.openSeeded(manifest, { envelope, body: other, blobs: kept }, seed)).fault;
      };
      const holds = async (text) => opens({}, await s.sealStream(key, s.padded(s.utf8(text), 4096)));
      c.is("as it is", await opens({}), null);
      c.is("commit", await opens({ commit: one.eid }), "commit");
      c.is("aead", await opens({}, body.map((each, i) => (i === 9 ? each ^ 1 : each))), "aead");
      c.is("nothing", await opens({}, new Uint8Array(0)), "aead");
      c.is("padding", await opens({}, await s.sealStream(key, new Uint8Array(4096))), "padding");
      c.is("encoding", await holds('{"note":"","fields":[]}'), "encoding");
      c.is("schema", await holds(s.canonicalText({ ...one.bid, note: 1 })), "schema");
      c.is("no file", await holds('{"fields":[],"note":""}'), "schema");
      const wrong = structuredClone(one.bid);
      wrong.fields.find(([path]) => path === "files/0")[1].len += 1;
      c.is("blob", await holds(s.canonicalText(wrong)), "blob");
      const other = (await s.sealFile(new Uint8Array(32), files[0])).sealed;
      c.is("blob of another key", await opens({}, body, [other]), "blob");
      c.is("reseal", await opens({ disc: { ...one.envelope.disc, root: one.eid } }), "reseal");
    },

    async rewrap(s, { full }, c) {
      for (const { rewrap: given, manifests: [manifest], officers } of full.cases) {
        const { rewrap, sig, to_sig: toSig } = given, successor = await s.officerKeys(rewrap.tender, s.unb64u(given.successor_os));
        const made = await s.makeRewrap(s.unb64u(officers[0].os), rewrap.tender, rewrap.x, rewrap.to, s.unb64u(given.ikm));
        c.is("rewrap", s.canonicalText(made), s.canonicalText({ rewrap, sig }));
        const taken = await s.takeRewrap(successor, rewrap);
        c.is("taken", [s.b64u(taken.os), taken.to_sig], [officers[0].os, toSig]);
        c.is("holds", await s.rewrapHolds(manifest, given), true);
        c.is("altered", await s.rewrapHolds(manifest, { ...given, rewrap: { ...rewrap, x: 2 } }), false);
        c.is("not the leaver's", await s.rewrapHolds(manifest, { ...given, sig: toSig }), false);
        c.is("not the successor's", await s.rewrapHolds(manifest, { ...given, to_sig: sig }), false);
        const refused = (mine, one) => s.takeRewrap(mine, one).then(() => "taken", (error) => error.message.slice(0, 20));
        c.is("another's secret", (await refused(successor, await wrongKid(s, rewrap, officers[1].os, rewrap.kid, given.ikm))) === "taken", false);
        const to = { ...rewrap.to, vk: manifest.officers[0].vk }, own = await s.makeRewrap(s.unb64u(officers[0].os), rewrap.tender, 1, to, s.unb64u(given.ikm));
        c.is("not for me", await refused(successor, own.rewrap), "This handover holds ");
      }
    },
  };

  const eventsOf = ({ log }) => log.leaves.flatMap((leaf, index) => (Array.isArray(leaf) ? [{ event: leaf[0], salt: leaf[1], index }] : []));
  const leafOf = (s, leaf) => (Array.isArray(leaf) ? s.eventLeaf(...leaf) : s.sha256(s.labelled("pad", s.unb64u(leaf))));

  /** A handover that names officer 1, and holds somebody else's secret. */
  const wrongKid = async (s, rewrap, os, kid, ikm) => {
    const { tender, x, to } = rewrap, info = s.labelled("rewrap", s.canonical({ tender, x, kid, to }));
    return { ...rewrap, kid, wrap: s.b64u(await s.hpkeSeal(s.unb64u(to.pk), info, s.unb64u(os), s.unb64u(ikm))) };
  };
  const altered = (value, spoil) => { const copy = structuredClone(value); spoil(copy); return copy; };

  /** r and s as a passkey writes them. */
  function derOf(raw) {
    const whole = [raw.slice(0, 32), raw.slice(32)].map((each) => {
      const bare = each.slice(each.findIndex((one) => one !== 0)), lead = bare[0] > 127 ? [0] : [];
      return [2, bare.length + lead.length, ...lead, ...bare];
    }).flat();
    return Uint8Array.of(0x30, whole.length, ...whole);
  }

  /** A way to spoil each member of a manifest; a second word only tells ways apart. */
  function spoiltManifests(s) {
    const key = (bytes) => s.b64u(Uint8Array.of(...bytes, ...new Uint8Array(32 - bytes.length)));
    const off = s.b64u(Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 2 : 0)));
    return {
      "v": (m) => { m.v = "sealbid/v2"; }, "type": (m) => { m.type = "commit"; }, "strange": (m) => { m.strange = 1; }, "docs": (m) => { delete m.docs; },
      "tender": (m) => { m.tender = "_x"; }, "ver": (m) => { m.ver = 0; }, "prev": (m) => { m.prev = key([1]); }, "prev missing": (m) => { m.ver = 2; },
      "title": (m) => { m.title = ""; }, "suite": (m) => { m.suite = "other"; }, "lots": (m) => { m.lots = []; }, "lots twice": (m) => { m.lots[1].id = m.lots[0].id; },
      "lots reserved": (m) => { m.lots[0].id = "_all"; }, "envs": (m) => { m.envs.reverse(); m.envs.push("reserve"); }, "opens_at": (m) => { m.opens_at = "2026-12-01T15:59:59.999Z"; },
      "closes_at": (m) => { m.closes_at = "2026-12-01T16:00:00Z"; }, "closes_at never": (m) => { m.closes_at = "2026-02-30T16:00:00.000Z"; },
      "quorum": (m) => { m.quorum = 1; }, "quorum all": (m) => { m.quorum = m.officers.length; }, "officers": (m) => { m.officers.reverse(); },
      "officers few": (m) => { m.officers = m.officers.slice(0, 2); }, "officers twice": (m) => { m.officers[1].vk = m.officers[0].vk; },
      "officers[0].kid": (m) => { m.officers[0].kid = m.officers[1].kid; }, "officers[0].vk": (m) => { m.officers[0].vk = key([1]); },
      "officers[0].vk 2": (m) => { m.officers[0].vk = s.b64u(new Uint8Array(32).fill(255)); }, "officers[0].vk 3": (m) => { m.officers[0].vk = off; },
      "officers[0].vk order 4": (m) => { m.officers[0].vk = key([]); },
      "officers[0].vk order 8": (m) => { m.officers[0].vk = "JuiVj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_AU"; },
      "officers[0].pk": (m) => { m.officers[0].pk = key([]); }, "officers[0].pk 2": (m) => { m.officers[0].pk = key([1]); },
      "officers[0].pk short": (m) => { m.officers[0].pk = m.officers[0].pk.slice(2); }, "client.sha256": (m) => { m.client.sha256 = `${m.client.sha256.slice(0, -1)}B`; },
      "log.vkey": (m) => { m.log.vkey = m.log.vkey.replace("+", "+0"); }, "log.vkey other": (m) => { m.log.origin = "other.example"; },
      "log.vkey kind": (m) => { [m.log.vkey] = m.log.witnesses; m.log.origin = "witness.example/1"; }, "log.witnesses": (m) => { m.log.witnesses = [m.log.vkey]; },
      "log.k": (m) => { m.log.k = 2; }, "pad": (m) => { m.pad = "b2"; }, "rules.late": (m) => { m.rules.late = "take"; }, "rules.reseal": (m) => { m.rules.reseal = "keep"; },
    };
  }

  /** A way to spoil each thing that an addendum may not do. */
  function spoiltAddenda(first) {
    return {
      "ver": (m) => { m.ver = 3; }, "prev": (m) => { m.prev = m.officers[0].pk; }, "officers": (m) => { m.officers[0].name = "Somebody else"; },
      "rules": (m) => { m.rules.late = first.rules.late === "drop" ? "hold" : "drop"; }, "log": (m) => { m.log.k = 0; },
      "closes_at": (m) => { m.closes_at = "2026-12-01T15:59:59.999Z"; }, "opens_at": (m) => { m.opens_at = "2026-12-01T16:59:59.999Z"; },
      };
  }

  /** A way to spoil each member of an envelope. */
  function spoiltEnvelopes() {
    return {
      "v": (e) => { e.v = ""; }, "type": (e) => { e.type = "bid"; }, "strange": (e) => { e.strange = null; }, "commit": (e) => { delete e.commit; },
      "ctx.rev": (e) => { e.ctx.rev = 0; }, "ctx.rev half": (e) => { e.ctx.rev = 1.5; }, "ctx.lot": (e) => { e.ctx.lot = "a b"; }, "ctx.note": (e) => { e.ctx.note = ""; },
      "sc": (e) => { e.sc.pop(); }, "wraps[0]": (e) => { e.wraps[0] = e.commit; }, "body.len": (e) => { e.body.len += 1; }, "body.sha256": (e) => { e.body.sha256 += "A"; },
      "blobs[0]": (e) => { e.blobs = [{ len: 0, root: e.commit }]; }, "disc.n": (e) => { e.disc.n = 96; }, "disc.n few": (e) => { e.disc.n = 32; },
    };
  }

  /** Bids that may not be sealed. */
  function spoiltBids() {
    const file = { name: "a", media: "b", len: 1, key: "" }, fields = (...all) => ({ fields: all, note: "" });
    return [
      null, [], { fields: [] }, { fields: {}, note: "" }, { fields: [], note: 1 }, { fields: [], note: "", more: 1 }, fields("a"), fields(["a"]), fields(["a", 1, 2]), fields([1, 2]),
      fields(["a", 1], ["a", 2]), fields(["a//b", 1]), fields(["/a", 1]), fields(["a b", 1]), fields(["", 1]), fields([`${"a".repeat(64)}/${"b".repeat(64)}`, 1]), fields(["a".repeat(65), 1]),
      fields(["files/1", file]), fields(["files/0", file]), fields(["files/0", { ...file, key: "A".repeat(43), len: -1 }]), fields(["files/0", { ...file, key: "A".repeat(43), more: 1 }]),
      fields(["files/00", { ...file, key: "A".repeat(43) }]),
    ];
  }

  /** The places, every so many characters, at which a changed character goes unnoticed. */
  async function alters(text, every, read) {
    const unnoticed = [];
    for (let at = 0; at < text.length; at += every) {
      const other = text[at] === "A" ? "B" : "A";
      try { await read(text.slice(0, at) + other + text.slice(at + 1)); unnoticed.push(at); } catch { /* noticed */ }
    }
    return unnoticed;
  }

  /** What officer x (from 0) is given at the opening, from what the vectors hold. */
  async function closeGiven(s, kase, x) {
    const { log } = kase, hashes = await Promise.all(log.leaves.slice(0, log.close_size).map(async (leaf) => s.leafHash(await leafOf(s, leaf))));
    const shown = eventsOf(kase).filter(({ index }) => index < log.close_size);
    const events = await Promise.all(shown.map(async (each) => ({ ...each, path: (await s.pathOf(hashes, each.index)).map(s.b64u) })));
    const { kid, pk, vk } = (await keysOf(s, kase))[x];
    const before = log.sizes[0], root = s.b64u(await s.rootOf(hashes.slice(0, before)));
    const opens = Date.parse(kase.manifests.at(-1).opens_at);
    return structuredClone({
      own: { x: x + 1, kid, pk, vk }, manifests: kase.manifests, checkpoint: log.cosigned, events,
      envelopes: Object.fromEntries(kase.seals.map((one) => [one.eid, one.envelope])),
      signatures: Object.values(kase.sigs).map(({ sig }) => sig), seen: { size: before, root },
      consistency: (await growth(s, hashes, before, true)).map(s.b64u), clock: { server: opens, own: opens },
    });
  }

  /** A consistency proof, which only the log makes. */
  async function growth(s, hashes, old, whole) {
    if (old === hashes.length) return whole ? [] : [await s.rootOf(hashes)];
    let split = 1;
    while (split * 2 < hashes.length) split *= 2;
    if (old <= split) return [...await growth(s, hashes.slice(0, split), old, whole), await s.rootOf(hashes.slice(split))];
    return [...await growth(s, hashes.slice(split), old - split, false), await s.rootOf(hashes.slice(0, split))];
  }

  /** One way for each reason to refuse; a second word only tells ways apart. What is given as `only` is made anew without a fault. */
  function spoilt(s, kase, only = null) {
    const find = (given, type) => given.events.find(({ event }) => event.type === type);
    /** Put other events into a tree of their own, signed by the vectors' log: a host that lies from the beginning. */
    const relog = async (given, change) => {
      change(given.events);
      const hashes = await Promise.all(given.events.map(async ({ event, salt }) => s.leafHash(await s.eventLeaf(event, salt))));
      for (const [i, each] of given.events.entries()) Object.assign(each, { index: i, path: (await s.pathOf(hashes, i)).map(s.b64u) });
      const text = `${kase.log.origin}\n${hashes.length}\n${s.b64(await s.rootOf(hashes))}\n`;
      const key = await s.readVerifierKey(kase.log.vkey), sig = await s.signEd25519(s.unb64u(kase.log.seed), s.utf8(text));
      given.checkpoint = `${text}\n\u2014 ${kase.log.origin} ${s.b64(s.concat(key.id, sig))}\n`;
      given.seen = null;
    };
    const closed = (events) => events.find(({ event }) => event.type === "tender.closed").event;
    const received = (events) => { const [{ eid }] = closed(events).current; return events.find(({ event }) => event.type === "bid.received" && event.eid === eid); };
    const lists = async (given, change) => relog(given, (events) => change(closed(events)));
    /** The first listed bid, sealed, logged, signed and listed otherwise than it was. */
    const forge = async (given, { ctx = {}, told = {}, eids = null }) => {
      const one = received(given.events), item = closed(given.events).current[0], envelope = structuredClone(given.envelopes[item.eid]);
      Object.assign(envelope.ctx, ctx);
      const eid = await s.eidOf(envelope), key = await s.vendorKeyOf(s.unb64u(kase.vendors[item.vendor].seed));
      const logged = given.events.find(({ event }) => event.type === "vendor.key" && event.vendor === item.vendor);
      given.events.unshift({ ...logged, event: { ...logged.event, alg: "ed25519", kid: key.kid, pk: key.pk, rp_id: null, origin: null } });
      const sig = await s.signAsVendor(key, "submit", eids ?? [eid]);
      Object.assign(one.event, { eid, ...told, kid: key.kid, sig_sha256: await s.signatureHash(sig) });
      Object.assign(item, { eid, ...told, leaf: s.b64u(await s.eventLeaf(one.event, one.salt)) });
      given.envelopes[eid] = envelope;
      given.signatures.push(sig);
      await lists(given, (event) => { event.current.sort((a, b) => (a.eid < b.eid ? -1 : 1)); });
    };
    const addendum = (change) => (given) => relog(given, (events) => change(events.find(({ event }) => event.type === "tender.addendum").event));
    const addenda = kase.manifests.length < 2 ? {} : {
      "published late": addendum((event) => { event.at = "2026-12-01T16:00:00.001Z"; }),
      "published unsigned": addendum((event) => { event.sigs = []; }),
      "published forged": addendum((event) => { event.sigs[0].x = 1; }),
    };
    if (only) return forge(only, {});
    return {
      ...addenda,
      "envelope of another lot": (given) => forge(given, { ctx: { lot: "9" }, told: { lot: "9" } }),
      "envelope of another revision": (given) => forge(given, { ctx: { rev: 5 } }),
      "signature of another envelope": (given) => forge(given, { eids: [given.own.pk] }),
      "chain": (given) => { given.manifests[0].quorum = 1; },
      "chain gap": (given) => { given.manifests.push({ ...given.manifests.at(-1), ver: 9 }); },
      "acceptance": (given) => { given.events = given.events.filter(({ event }) => event.x !== 1); },
      "acceptance forged": (given) => relog(given, (events) => { events.find(({ event }) => event.x === 1).event.sig = kase.accepts[1]; }),
      "own_key": (given) => { given.own.vk = kase.manifests[0].officers[1].vk; },
      "own_key number": (given) => { given.own.x = 2; },
      "checkpoint": (given) => { given.checkpoint = given.checkpoint.replace("\n96\n", "\n97\n"); },
      "witness": (given) => { given.checkpoint = kase.log.checkpoints[kase.log.close_size]; },
      "consistency": (given) => { given.seen.root = given.own.pk; },
      "consistency proof": (given) => { given.consistency.pop(); },
      "inclusion": (given) => { find(given, "bid.received").event.rev += 1; },
      "inclusion salt": (given) => { find(given, "vendor.key").salt = given.own.pk; },
      "inclusion place": (given) => { find(given, "vendor.key").index += 1; },
      "published": (given) => { given.events = given.events.filter(({ event }) => event.type !== "tender.published"); },
      "not_due": (given) => { given.clock.server -= 1; },
      "not_due own": (given) => { given.clock.own -= 5 * 60 * 1000 + 1; },
      "closed": (given) => { given.events = given.events.filter(({ event }) => event.type !== "tender.closed"); },
      "closed terms": (given) => lists(given, (event) => { event.manifest = given.own.pk; }),
      "closed order": (given) => lists(given, (event) => { event.current.reverse(); }),
      "unlogged": (given) => { const { eid } = received(given.events).event; given.events = given.events.filter(({ event }) => event.type !== "bid.received" || event.eid !== eid); },
      "unlogged leaf": (given) => lists(given, (event) => { event.current[0].leaf = given.own.pk; }),
      "unlogged vendor": (given) => lists(given, (event) => { event.current[0].vendor = "nobody"; }),
      "unlogged after": (given) => relog(given, (events) => { const one = received(events); events.splice(events.indexOf(one), 1); events.push(one); }),
      "late": async (given) => {
        const one = received(given.events);
        one.event.received_at = "2026-12-01T16:10:00.001Z";
        const leaf = s.b64u(await s.eventLeaf(one.event, one.salt));
        await lists(given, (event) => { event.current[0].leaf = leaf; });
      },
      "envelope": (given) => { for (const each of Object.values(given.envelopes)) each.body.len += 4096; },
      "envelope missing": (given) => { given.envelopes = {}; },
      "listed_twice": (given) => lists(given, (event) => { event.withdrawn.unshift(event.current[0]); event.withdrawn.sort((a, b) => (a.eid < b.eid ? -1 : 1)); }),
      "not_latest": (given) => lists(given, (event) => { event.superseded = [{ ...event.current[0], eid: given.own.pk, rev: 9 }]; }),
      "signature": (given) => { given.signatures = given.signatures.slice(0, 0); },
      "signature key": (given) => relog(given, (events) => { for (const each of [...events]) if (each.event.type === "vendor.key") { events.splice(events.indexOf(each), 1); events.push(each); } }),
      "signature other": (given) => relog(given, (events) => { for (const { event } of events) if (event.type === "vendor.key") event.pk = given.own.vk; }),
    };
  }

  /** What a server holds of an envelope; `damaged` turns one bit of its body. */
  async function stored(s, kase, one, damaged) {
    const files = filesOf(one), blobs = [], keys = one.blob_keys ?? one.bid.fields.filter(([path]) => path.startsWith("files/")).map(([, file]) => file.key);
    for (const [i, key] of keys.entries()) blobs.push((await s.sealFile(s.unb64u(key), files[i])).sealed);
    const body = one.body ? s.unb64u(one.body) : (await s.seal(manifestOf(kase, one.ctx), one.ctx, s.unb64u(one.seed), one.bid, one.envelope.blobs)).body;
    if (damaged) body[0] ^= 1;
    return { envelope: one.envelope, body, blobs };
  }

  /** Run one check. */
  async function run(name, modules, given) {
    const compared = new Compared();
    await checks[name](modules, given, compared);
    return { count: compared.count, wrong: compared.wrong };
  }

  /** What reading canonical JSON gives, text by text: the bytes written again, or null where it is refused. All is base64url. */
  function reads(s, texts) {
    const read = (text) => { try { return s.b64u(s.canonical(s.readCanonical(s.unb64u(text)))); } catch (error) { if (!(error instanceof s.BadEncoding)) throw error; return null; } };
    return texts.map(read);
  }

  /** Milliseconds that sealing a bid takes, each time, in a browser that is warm. */
  async function sealingTimes(s, { man, ctx }, bid, rounds) {
    const took = [];
    for (let i = 0; i < rounds; i += 1) {
      const began = performance.now(), seed = await s.freshSeed(s.randomBytes(32), ctx, bid);
      const sealed = await s.seal(man, ctx, seed, bid);
      const sealedAt = performance.now();
      await s.selfCheck(man, sealed, seed, bid);
      took.push([sealedAt - began, performance.now() - began]);
    }
    return took;
  }

  return { names: Object.keys(checks), run, reads, sealingTimes };
})();
