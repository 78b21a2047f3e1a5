// Which way imports run. A rule that stands in the way of a good design is changed here, in the open.
// See "Which way imports run" in ARCHITECTURE.md for the drawing.

/** The rooms along the line. They hand values to one another through the cycle and do not import one another. */
const stages = ["source", "desired", "health", "plan", "apply", "resources", "triggers", "report"];

/** What a stage may import besides its own room, the model, common and the port to the machine. */
const allowedBetweenStages = {
  plan: ["resources"],
  apply: ["resources"],
};

/** A package or a module of Node that only some files may import, so that it can be replaced in one place. */
function onlyIn(what, pattern, files) {
  return {
    name: `${what}-in-one-place`,
    severity: "error",
    comment: `${what} is imported by ${files.join(", ")} and by nothing else`,
    from: { pathNot: files },
    to: { path: pattern },
  };
}

function ofPackage(name) {
  return `node_modules/${name}/`;
}

function stageRule(stage) {
  const others = stages.filter((other) => other !== stage && !(allowedBetweenStages[stage] ?? []).includes(other));
  return {
    name: `${stage}-stands-alone`,
    severity: "error",
    comment: "stages do not import one another: what they share is a noun of the model",
    from: { path: `^reconciler/${stage}/` },
    to: { path: `^reconciler/(${others.join("|")})/` },
  };
}

module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-missing-import",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "no-development-package-in-programs",
      severity: "error",
      from: { path: "^(common|mace|reconciler)/" },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"] },
    },
    {
      name: "common-leans-on-nothing",
      severity: "error",
      from: { path: "^common/" },
      to: { pathNot: "^common/" },
    },
    {
      name: "mace-stands-alone",
      severity: "error",
      comment: "mace has never heard of the reconciler or of git",
      from: { path: "^mace/" },
      to: { path: "^reconciler/" },
    },
    {
      name: "mace-engine-without-packages",
      severity: "error",
      comment: "only mace's own command line uses packages, and the one file that reads YAML",
      from: { path: "^mace/", pathNot: "^mace/(cli/|(cli|main|yaml)\\.ts)" },
      to: { path: "^node_modules/" },
    },
    {
      name: "mace-cli-packages",
      severity: "error",
      from: { path: "^mace/" },
      to: { path: "^node_modules/", pathNot: "^node_modules/(commander|picocolors|diff|js-yaml)/" },
    },
    {
      name: "only-render-knows-mace",
      severity: "error",
      from: { path: "^reconciler/", pathNot: "^reconciler/render" },
      to: { path: "^mace/" },
    },
    {
      name: "model-is-only-nouns",
      severity: "error",
      from: { path: "^reconciler/model/" },
      to: { pathNot: "^(reconciler/model|common)/" },
    },
    ...stages.map(stageRule),
    {
      name: "stages-know-only-the-port",
      severity: "error",
      comment:
        "a stage reaches the machine through machine/machine.ts and tells its faults; which machine, it cannot know",
      from: { path: `^reconciler/(${stages.join("|")})/` },
      to: { path: "^reconciler/machine/", pathNot: "^reconciler/machine/(machine|file-problem)\\.ts$" },
    },
    {
      name: "stages-do-not-look-up",
      severity: "error",
      comment: "whoever calls a stage knows it; a stage knows nobody who calls it",
      from: { path: `^reconciler/(${stages.join("|")}|model|machine|state)/` },
      to: { path: "^reconciler/(cli|demo)/|^reconciler/(main|daemon|cycle)\\.ts$" },
    },
    {
      name: "thinking-does-not-touch",
      severity: "error",
      comment: "the planner never asks the machine anything, and neither does a verdict",
      from: { path: "^reconciler/(plan|model)/" },
      to: { path: "^reconciler/machine/|^(node:)?(fs|fs/promises|child_process|net|http|https)$" },
    },
    {
      name: "real-machine-at-the-top",
      severity: "error",
      from: {
        path: "^reconciler/",
        pathNot: "^reconciler/(main|daemon|listening)\\.ts$|^reconciler/(cli|demo|machine)/",
      },
      to: { path: "^reconciler/machine/real" },
    },
    {
      name: "nobody-needs-report",
      severity: "error",
      comment: "report listens to events; the line does not know that metrics exist",
      from: {
        path: "^reconciler/",
        pathNot: "^reconciler/(main|daemon|listening)\\.ts$|^reconciler/(cli|demo|report)/",
      },
      to: { path: "^reconciler/report/" },
    },
    {
      name: "no-test-code-in-programs",
      severity: "error",
      from: { path: "^(common|mace|reconciler)/" },
      to: { path: "^(test|bench|scripts)/|\\.test\\.ts$" },
    },
    onlyIn("simple-git", ofPackage("simple-git"), ["^reconciler/source/"]),
    onlyIn("chokidar", ofPackage("chokidar"), ["^reconciler/triggers/watch"]),
    onlyIn("js-yaml", ofPackage("js-yaml"), ["^reconciler/desired/", "^reconciler/config", "^mace/yaml\\.ts$"]),
    onlyIn("ajv", ofPackage("ajv"), ["^reconciler/desired/", "^reconciler/config"]),
    onlyIn("diff", ofPackage("diff"), ["^reconciler/plan/explain", "^mace/cli"]),
    onlyIn("prom-client", ofPackage("prom-client"), ["^reconciler/report/metric"]),
    onlyIn("commander", ofPackage("commander"), [
      "^reconciler/(cli/|main\\.ts)",
      "^reconciler/demo/",
      "^mace/(cli|main)",
    ]),
    {
      name: "child-processes-in-one-place",
      severity: "error",
      comment: "every command runs bounded, without a shell and with a clean environment; types run nothing",
      from: {
        pathNot: [
          "^reconciler/machine/(command|lock|attributes|detached)\.ts$",
          "^reconciler/source/git\.ts$",
          "^reconciler/supervise/child\.ts$",
          "^mace/(cli|apply)/command\.ts$",
        ],
      },
      to: { path: "^(node:)?child_process$", dependencyTypesNot: ["type-only"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "require", "node", "default"] },
  },
};
