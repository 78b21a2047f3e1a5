// Packages of the distribution as a kind of resource; whichever manager this server has does the work.
import { detectManager } from "../managers/detect.ts";
import { packageKindWith } from "./with-manager.ts";

export const packageKind = packageKindWith(detectManager);
