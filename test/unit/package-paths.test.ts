// From source, the folders that ship with the package are found beside package.json.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";

import { exampleFleetFolder, templatesFolder } from "../../reconciler/package-paths.ts";

test.each([
  ["templates", templatesFolder()],
  ["desired-state", exampleFleetFolder()],
])("%s lies in the package's root", (name, folder) => {
  expect(folder).toBe(join(dirname(folder), name));
  expect(existsSync(join(dirname(folder), "package.json"))).toBe(true);
});
