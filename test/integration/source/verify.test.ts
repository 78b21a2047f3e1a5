import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { chmodSync, chownSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openMirror } from "../../../reconciler/source/mirror.ts";
import type { Mirror } from "../../../reconciler/source/mirror.ts";
import { verify } from "../../../reconciler/source/verify.ts";
import { GitForge } from "../../support/git-forge.ts";
import type { CommitOptions, Repository } from "../../support/git-forge.ts";

let forge: GitForge;
let fleet: Repository;
let signers: string;
let ana: string;

beforeEach(async () => {
  forge = await GitForge.open();
  fleet = await forge.repository();
  const key = await forge.key("ana");
  ana = key.file;
  signers = join(forge.directory, "allowed-signers");
  writeFileSync(signers, `ana@school.example namespaces="git" ${key.publicLine}\n`, { mode: 0o644 });
});
afterEach(() => forge.close());

async function opened(): Promise<Mirror> {
  const mirror = await openMirror(join(forge.directory, "state", "mirror.git"));
  if (!mirror.ok) throw new Error(JSON.stringify(mirror.problems));
  return mirror.value;
}

async function verified(
  options: CommitOptions = {},
  trust: Parameters<typeof verify>[2] = { allowedSigners: signers },
) {
  await fleet.commit({ a: "1" }, options);
  return verifyTip(trust);
}

async function verifyTip(trust: Parameters<typeof verify>[2] = { allowedSigners: signers }) {
  const mirror = await opened();
  const { tip } = await mirror.fetch([{ name: "origin", address: fleet.url, plainHttp: false }], "main");
  return verify(mirror, tip!, trust);
}

function refusedWith(code: string) {
  return { ok: false, problems: [{ code }] };
}

describe("whose commit it is", () => {
  test("a listed key is told by its principal", async () => {
    expect(await verified({ signingKey: ana })).toEqual({ ok: true, value: { signer: "ana@school.example" } });
  });

  test("without signers every commit is taken", async () => {
    expect(await verified({}, "none")).toEqual({ ok: true, value: {} });
  });

  test("a commit without signature is refused, also on top of a signed one", async () => {
    await fleet.commit({ a: "0" }, { signingKey: ana });
    expect(await verified()).toMatchObject(refusedWith("unsigned"));
  });

  test("a key that is not listed is refused and named, although git calls the signature good", async () => {
    const { file } = await forge.key("mallory");
    const result = await verified({ signingKey: file });
    expect(result).toMatchObject(refusedWith("signer-unknown"));
    expect(result.ok ? "" : result.problems[0]?.what).toMatch(/SHA256:/);
  });

  test("a key is only good for its dates, judged by the commit's and not by this server's clock", async () => {
    const { file, publicLine } = await forge.key("berta");
    writeFileSync(signers, `berta@school.example valid-before="20200101" ${publicLine}\n`);
    expect(await verified({ signingKey: file, time: 1_600_000_000 })).toMatchObject(refusedWith("signer-unknown"));
    expect(await verified({ signingKey: file, time: 1_500_000_000 })).toMatchObject({ ok: true });
  });

  test("a signature that was moved to another commit is bad", async () => {
    const signed = await fleet.commit({ a: "1" }, { signingKey: ana, message: "harmless" });
    const text = await fleet.git("cat-file", "commit", signed);
    const forged = await fleet.object("commit", text.replace("harmless", "harmful!"));
    await fleet.move("main", forged);
    expect(await verifyTip()).toMatchObject(refusedWith("signature-bad"));
  });

  test.each([["PGP SIGNATURE"], ["PGP MESSAGE"], ["SIGNED MESSAGE"]])("a %s is refused as a kind", async (kind) => {
    const plain = await fleet.commit({ a: "1" });
    const text = await fleet.git("cat-file", "commit", plain);
    const header = `gpgsig -----BEGIN ${kind}-----\n \n iQ==\n -----END ${kind}-----\n\n`;
    await fleet.move("main", await fleet.object("commit", text.replace("\n\n", `\n${header}`)));
    expect(await verifyTip()).toMatchObject(refusedWith("signature-kind"));
  });
});

describe("the file of signers", () => {
  test("must be there", async () => {
    const trust = { allowedSigners: join(forge.directory, "none") };
    expect(await verified({ signingKey: ana }, trust)).toMatchObject(refusedWith("signers-missing"));
  });

  test("must not be writable by others", async () => {
    chmodSync(signers, 0o664);
    expect(await verified({ signingKey: ana })).toMatchObject(refusedWith("signers-writable"));
  });

  test("must belong to root or to us", async () => {
    if (process.getuid?.() === 0) chownSync(signers, 65534, 65534);
    const trust = { allowedSigners: process.getuid?.() === 0 ? signers : "/proc/1/status" };
    expect(await verified({ signingKey: ana }, trust)).toMatchObject({ ok: false });
    expect(await verified({ signingKey: ana }, { allowedSigners: "relative/file" })).toMatchObject(
      refusedWith("signers-path"),
    );
  });
});
