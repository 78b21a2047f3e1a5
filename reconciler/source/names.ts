// Words that become part of a ref or an argument of git in, whether they may out.

const PART = /^[A-Za-z0-9_][A-Za-z0-9._+@=-]*$/;

/** A branch such as `main` or `schools/2026`: a subset of what git allows, without anything an option could hide in. */
export function isBranchName(name: string): boolean {
  const parts = name.split("/");
  return name.length <= 200 && name !== "@" && !name.includes("@{") && parts.every(isRefPart);
}

/** The name of a remote: one word. */
export function isRemoteName(name: string): boolean {
  return name.length <= 64 && /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(name);
}

/** A full or abbreviated object id. */
export function isObjectId(text: string): boolean {
  return /^[0-9a-f]{4,64}$/.test(text);
}

/** `refs/remotes/<remote>/<branch>`. */
export function isTrackingRef(text: string): boolean {
  const [refs, remotes, remote = "", ...branch] = text.split("/");
  return refs === "refs" && remotes === "remotes" && isRemoteName(remote) && isBranchName(branch.join("/"));
}

export function trackingRef(remote: string, branch: string): string {
  return `refs/remotes/${remote}/${branch}`;
}

function isRefPart(part: string): boolean {
  return PART.test(part) && !part.includes("..") && !part.endsWith(".") && !part.endsWith(".lock");
}
