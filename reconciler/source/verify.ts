// A commit and whom we trust in, its signer out, before anything that the commit says is read.
import type { Mirror } from "./mirror.ts";
import { checkTrustedFile } from "./trusted-file.ts";
import { refuse, succeed } from "../../common/problem.ts";
import type { Problem, Result } from "../../common/problem.ts";
import { printable } from "../../common/printable.ts";
import type { Revision } from "../model/revision.ts";

/** `none`: whoever may push to the branch is trusted. Otherwise a file in the format of ssh-keygen(1), ALLOWED SIGNERS. */
export type Trust = { readonly allowedSigners: string } | "none";

export interface Signature {
  /** The principal of the allowed-signers file; left out when no signature is asked for. */
  readonly signer?: string;
}

type Kind = "ssh" | "openpgp" | "x509" | "none";

const LOCAL = { timeoutMs: 30_000 };

/**
 * Problems: `signers-missing`, `signers-denied`, `signers-owner`, `signers-writable`, `signers-path`, `unsigned`,
 * `signature-kind`, `signer-unknown`, `signature-bad`.
 */
export async function verify(mirror: Mirror, revision: Revision, trust: Trust): Promise<Result<Signature>> {
  if (trust === "none") return succeed({});
  const { allowedSigners } = trust;
  const fault = checkTrustedFile(allowedSigners, { role: "the allowed-signers file", code: "signers" });
  if (fault !== undefined) return refuse(fault);
  const kind = await signatureKind(mirror, revision.commit);
  if (kind !== "ssh") return refuse(kind === "none" ? unsigned(revision) : wrongKind(revision, kind));
  const call = { ...LOCAL, settings: ["gpg.format=ssh", `gpg.ssh.allowedSignersFile=${allowedSigners}`] };
  const told = await mirror.git.run(["verify-commit", "--raw", revision.commit], call);
  if (told.code !== 0) return refuse(notGood(revision, told.stderr + told.stdout.toString("utf8"), allowedSigners));
  const log = ["log", "--max-count=1", "--format=%G?%x00%GS", "--end-of-options", revision.commit, "--"];
  const [status, signer = ""] = (await mirror.git.read(log, call)).stdout.toString("utf8").trimEnd().split("\0");
  if (status !== "G" || signer === "") return refuse(bad(revision));
  return succeed({ signer: printable(signer) });
}

/** Only the header's first words are looked at, so that no OpenPGP program is ever started for a stranger's bytes. */
async function signatureKind(mirror: Mirror, commit: string): Promise<Kind> {
  const told = await mirror.git.read(["cat-file", "commit", commit], LOCAL);
  const text = told.stdout.toString("latin1");
  const header = text.slice(0, text.indexOf("\n\n"));
  const [, begin] = /^gpgsig(?:-sha256)? -----BEGIN ([A-Z ]+)-----$/m.exec(header) ?? [];
  if (begin === undefined) return "none";
  if (begin === "SSH SIGNATURE") return "ssh";
  return begin.startsWith("PGP") ? "openpgp" : "x509";
}

function unsigned(revision: Revision): Problem {
  return {
    code: "unsigned",
    what: `${name(revision)} is not signed`,
    hint: "sign it: git config gpg.format ssh, git config user.signingKey ~/.ssh/id_ed25519.pub, git commit --amend -S",
  };
}

function wrongKind(revision: Revision, kind: "openpgp" | "x509"): Problem {
  return {
    code: "signature-kind",
    what: `${name(revision)} has an ${kind === "openpgp" ? "OpenPGP" : "X.509"} signature; only ssh signatures are checked`,
    hint: "sign with an ssh key: git config gpg.format ssh",
  };
}

/** git says “Good signature” of an unknown key too; its exit code decides, these words only choose the explanation. */
function notGood(revision: Revision, told: string, file: string): Problem {
  if (!/No principal matched|Good "git" signature with/.test(told)) return bad(revision);
  const key = /\bkey (SHA256:[A-Za-z0-9+/=]+)/.exec(told)?.[1];
  return {
    code: "signer-unknown",
    where: { file },
    what: `${name(revision)} is signed by a key that is not listed, or not for its date${key ? `: ${key}` : ""}`,
    hint: "add the key of a person you trust to this file, or let one of them sign the next commit",
  };
}

function bad(revision: Revision): Problem {
  return {
    code: "signature-bad",
    what: `the signature of ${name(revision)} does not fit the commit`,
    hint: "somebody or something changed the commit after it was signed: find out who, and sign a new one",
  };
}

function name(revision: Revision): string {
  return `commit ${revision.commit.slice(0, 12)} “${revision.subject}”`;
}
