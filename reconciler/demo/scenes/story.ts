// Whether packages can be installed into the school's folder in; its whole story out.
import { FILES } from "./files.ts";
import { NO_PACKAGES, PACKAGES } from "./packages.ts";
import type { Scene } from "./scene.ts";
import { SERVICES } from "./services.ts";

export function storyOf(hasPackages: boolean): readonly Scene[] {
  return [...FILES, ...SERVICES, ...(hasPackages ? PACKAGES : NO_PACKAGES)];
}
