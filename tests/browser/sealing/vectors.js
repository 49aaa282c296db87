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
  };

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

  return { names: Object.keys(checks), run };
})();
