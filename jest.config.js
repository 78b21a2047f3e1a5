// Four rings: unit (pure, seconds), integration (real git, real files, the built programs), sweep (the built program killed
// at every call), system (booted servers).
const shared = {
  testEnvironment: "node",
  extensionsToTreatAsEsm: [".ts"],
  transform: {
    "\\.ts$": ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "es6" } }],
  },
};

export default {
  // A busy school server, or a busy laptop, is slow; a test that hangs still ends. (Only understood up here.)
  testTimeout: 120_000,
  projects: [
    { ...shared, displayName: "unit", testMatch: ["<rootDir>/test/unit/**/*.test.ts"] },
    { ...shared, displayName: "integration", testMatch: ["<rootDir>/test/integration/**/*.test.ts"] },
    {
      ...shared,
      displayName: "sweep",
      testMatch: ["<rootDir>/test/sweep/**/*.test.ts"],
      runner: "<rootDir>/test/system/ground/one-at-a-time.mjs",
    },
    {
      ...shared,
      displayName: "system",
      testMatch: ["<rootDir>/test/system/**/*.test.ts"],
      globalSetup: "<rootDir>/test/system/ground/set-up.mjs",
      globalTeardown: "<rootDir>/test/system/ground/tear-down.mjs",
      runner: "<rootDir>/test/system/ground/one-at-a-time.mjs",
    },
  ],
};
