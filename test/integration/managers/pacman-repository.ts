// Repositories for pacman, made by its own tools: the first with everything in version 1.0, the second with 2.0.
import { execFile, execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

export const TOOLS = [
  "pacman",
  "pacman-conf",
  "vercmp",
  "makepkg",
  "repo-add",
  "bsdtar",
  "fakeroot",
  "setpriv",
] as const;
const VERSIONS = ["1.0", "2.0"] as const;
/** makepkg refuses to work for root. */
const NOBODY = 65534;

const run = promisify(execFile);

/** `hello` needs `libhello` of its own version; `stuck` waits, while it is upgraded, as long as there is a /gate. */
function recipe(version: string): string {
  const file = (path: string, text = version): string =>
    `mkdir -p "$pkgdir/${dirname(path)}"; echo ${text} > "$pkgdir/${path}"`;
  return `
pkgbase=lab
pkgname=(hello libhello solo rival stuck lonely big)
pkgver=${version}
pkgrel=1
arch=(any)
options=(!strip !docs !zipman)
package_hello() { depends=('libhello>=${version}'); backup=(etc/hello.conf); ${file("etc/hello.conf", `version=${version}`)}; ${file("usr/share/hello/version")}; }
package_libhello() { ${file("usr/share/libhello/version")}; }
package_solo() { ${file("usr/share/solo/version")}; }
package_rival() { conflicts=(solo); ${file("usr/share/rival/version")}; }
package_stuck() { depends=(hello); install=stuck.install; ${file("usr/share/stuck/version")}; }
package_lonely() { depends=(nobody-has-this); ${file("usr/share/lonely/version")}; }
package_big() { ${file("usr/share/big/version")}; head -c 8000000 /dev/zero > "$pkgdir/usr/share/big/zeros"; }
`;
}

const STUCK = `
pre_upgrade() {
  [ -p /gate ] || return 0
  : > /reached
  read -r line < /gate
}
`;

/** Folders of the repositories, by version. */
export async function buildRepositories(folder: string): Promise<readonly string[]> {
  chmodSync(folder, 0o755);
  await Promise.all(VERSIONS.map((version) => makePackages(folder, version)));
  return VERSIONS.map((version) => join(folder, `repository-${version}`));
}

async function makePackages(folder: string, version: string): Promise<void> {
  const [work, repository] = [join(folder, `build-${version}`), join(folder, `repository-${version}`)];
  for (const path of [work, repository]) {
    mkdirSync(path);
    chownSync(path, NOBODY, NOBODY);
  }
  writeFileSync(join(work, "PKGBUILD"), recipe(version));
  writeFileSync(join(work, "stuck.install"), STUCK);
  const as = ["--reuid", String(NOBODY), "--regid", String(NOBODY), "--clear-groups"];
  const env = { PATH: process.env["PATH"], HOME: work, LANG: "C.UTF-8", PKGDEST: repository, PKGEXT: ".pkg.tar.gz" };
  await run("setpriv", [...as, "makepkg", "--force", "--nodeps"], { cwd: work, env });
  const packages = readdirSync(repository).map((file) => join(repository, file));
  const lists = join(repository, "lab.db.tar.gz");
  await run("repo-add", ["--quiet", lists, ...packages]);
  // pacman fetches lists only when they are newer than those it has.
  const at = new Date(`2020-01-01T00:00:0${VERSIONS.findIndex((each) => each === version)}Z`);
  utimesSync(lists, at, at);
}

/** A root on which pacman can work, and its scriptlets too. */
export function layOutRoot(root: string, repository: string): void {
  for (const path of ["var/lib/pacman/local", "var/cache/pacman/pkg", "var/log", "etc/pacman.d", "usr/bin", "bin"]) {
    mkdirSync(join(root, path), { recursive: true });
  }
  writeFileSync(join(root, "etc/pacman.conf"), settings(`file://${repository}`));
  const shell = execFileSync("readlink", ["-f", "/bin/sh"], { encoding: "utf8" }).trim();
  for (const path of [shell, ...librariesOf(shell)]) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    copyFileSync(path, join(root, path));
  }
  linkSync(join(root, shell), join(root, "bin/sh"));
}

export function settings(server: string): string {
  return `[options]\nArchitecture = auto\nCheckSpace\nSigLevel = Never\n\n[lab]\nServer = ${server}\n`;
}

function librariesOf(program: string): readonly string[] {
  const text = execFileSync("ldd", [program], { encoding: "utf8" });
  return [...text.matchAll(/(?:=> |^\s+)(\/\S+) \(/gmu)].map(([, path = ""]) => path);
}
