// A repository for dnf and zypper, built once a file: packages with dependencies, configuration, and places to get stuck.
import { execFileSync } from "node:child_process";
import { createReadStream, mkdirSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

interface Recipe {
  readonly name: string;
  readonly version: string;
  readonly requires?: string;
  readonly scripts?: string;
  /** Bytes that it takes when it is installed. */
  readonly size?: number;
}

/** Waits inside the transaction until it is killed, and says which process that is; only where a test asks for it. */
const WAITING = `
local wait = io.open("/wait-here", "r")
if wait then
  wait:close()
  local told = io.open("/waiting", "w")
  told:write(posix.getprocessid("pid") .. " " .. posix.getprocessid("ppid") .. " .")
  told:close()
  while true do posix.sleep(1) end
end`;

const RECIPES: readonly Recipe[] = [
  { name: "base", version: "1.0" },
  { name: "hello", version: "1.0", requires: "libhello >= 1.0" },
  { name: "hello", version: "2.0", requires: "libhello >= 2.0" },
  { name: "libhello", version: "1.0" },
  { name: "libhello", version: "2.0" },
  { name: "lonely", version: "1.0", requires: "something-nobody-has" },
  { name: "stuck", version: "1.0", scripts: `%postun -p <lua>${WAITING}` },
  { name: "stuck", version: "2.0", scripts: `%post -p <lua>${WAITING}` },
  { name: "huge", version: "1.0", size: 48 * 1024 * 1024 },
];

const ADVISORY = `<?xml version="1.0" encoding="UTF-8"?>
<updates><update from="school@example.org" status="final" type="security" version="1"><id>ADV-1</id><title>libhello</title>
<severity>Important</severity><issued date="2026-01-01 00:00:00"/><description>x</description><references/>
<pkglist><collection short="c"><name>c</name><package name="libhello" version="2.0" release="1" epoch="0" arch="noarch">
<filename>libhello-2.0-1.noarch.rpm</filename></package></collection></pkglist></update></updates>
`;

/** Builds all packages below `folder`; the path of the repository comes back. */
export function buildRepository(folder: string): string {
  const repository = `${folder}/repository`;
  for (const part of [repository, `${folder}/specs`]) mkdirSync(part, { recursive: true });
  const specs = RECIPES.map((recipe) => {
    const path = `${folder}/specs/${recipe.name}-${recipe.version}.spec`;
    writeFileSync(path, specOf(recipe));
    return path;
  });
  const macros = {
    _topdir: `${folder}/build`,
    _dbpath: `${folder}/build/db`,
    _rpmdir: repository,
    _rpmfilename: "%%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm",
    _binary_payload: "w1.gzdio",
  };
  const defines = Object.entries(macros).flatMap(([name, value]) => ["--define", `${name} ${value}`]);
  execFileSync("rpmbuild", ["-bb", "--quiet", ...defines, ...specs], { stdio: ["ignore", "ignore", "pipe"] });
  execFileSync("createrepo_c", ["-q", repository]);
  writeFileSync(`${folder}/updateinfo.xml`, ADVISORY);
  execFileSync("modifyrepo_c", [`${folder}/updateinfo.xml`, `${repository}/repodata`], { stdio: "ignore" });
  return repository;
}

function specOf({ name, version, requires, scripts = "", size = 0 }: Recipe): string {
  return `Name: ${name}
Version: ${version}
Release: 1
Summary: ${name}
License: MIT
BuildArch: noarch
${requires === undefined ? "" : `Requires: ${requires}`}
%description
${name}
%install
mkdir -p %{buildroot}/etc %{buildroot}/usr/share/${name}
echo ${version} >%{buildroot}/etc/${name}.conf
echo ${version} >%{buildroot}/etc/${name}.rc
echo ${version} >%{buildroot}/usr/share/${name}/version
truncate -s ${size} %{buildroot}/usr/share/${name}/data
${scripts}
%files
%config(noreplace) /etc/${name}.conf
%config /etc/${name}.rc
/usr/share/${name}
`;
}

export interface Served {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** The repository over HTTP on this machine, until it is closed. */
export async function serve(folder: string, onPort = 0): Promise<Served> {
  const server = createServer(({ url = "/" }, response) => {
    createReadStream(folder + decodeURIComponent(url))
      .on("error", () => response.writeHead(404).end())
      .pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(onPort, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => closeAll(server) };
}

function closeAll(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
