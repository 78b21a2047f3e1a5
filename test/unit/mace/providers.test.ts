// The services that come with mace are held to what a deployment's own have to keep.
import { describe, expect, test } from "@jest/globals";
import { faultsInProvider } from "../../../mace/provider-rules.ts";
import { readProviders } from "../../../mace/providers.ts";
import { PROVIDERS } from "../../../mace/services/all.ts";
import { validateProvider } from "../../../mace/validators.generated.js";

describe.each([...PROVIDERS.values()])("$service", (provider) => {
  test("keeps to the schema, and its parts to one another", () => {
    validateProvider(provider);
    expect(validateProvider.errors ?? []).toEqual([]);
    const place = (keys: readonly string[]) => ({ key: keys.join(".") });
    expect(faultsInProvider(provider, provider.service, place)).toEqual([]);
  });

  test("is data: written as JSON and read again it is the same", () => {
    // JSON has no octal numbers, so a person writes the bits in quotes.
    const written = JSON.stringify(provider, (key, value: unknown) =>
      key === "mode" && typeof value === "number" ? value.toString(8).padStart(4, "0") : value,
    );
    const files = new Map([[`${provider.service}.json`, Buffer.from(written)]]);
    const read = readProviders("providers", files, PROVIDERS);
    expect(read.ok ? read.value.get(provider.service) : read.problems).toEqual(provider);
  });
});

test("a service of the deployment takes the place of ours, and the others stay", () => {
  const text = `service: squid
about: another cache
confiles: { "": { paths: { debian: /etc/cache.conf }, mode: 0o600 } }
packages: {}
affects: []
replaces: {}
removes: {}
`;
  const read = readProviders("providers", new Map([["squid.yaml", Buffer.from(text)]]), PROVIDERS);
  expect(read.ok && read.value.get("squid")?.confiles[""]?.mode).toBe(0o600);
  expect(read.ok && read.value.size).toBe(PROVIDERS.size);
  expect(PROVIDERS.get("squid")?.about).not.toBe("another cache");
});

test("one service cannot be described by two files", () => {
  const text = JSON.stringify({ ...PROVIDERS.get("cron") });
  const files = new Map(["cron.yaml", "cron.json"].map((name) => [name, Buffer.from(text)]));
  expect(readProviders("providers", files, PROVIDERS)).toMatchObject({ problems: [{ code: "doubled-provider" }] });
});

test.each([
  ["an alias", "service: &a radio\nabout: *a\n", "2:9 yaml-content"],
  ["a tag", "service: !!js/function 'x'\n", "1:10 yaml-content"],
  ["a key that is written twice", "service: a\nservice: b\n", "2:1 yaml-content"],
  ["a second document", "service: a\n---\nservice: b\n", "3:1 yaml-content"],
  ["a control character", "service: a\u001b\n", "1:11 unreadable-yaml"],
  ["a list where a map belongs", "- service\n", "1:1 wrong-type"],
  ["nothing", "", "1:1 wrong-type"],
  ["__proto__", "__proto__: {}\n", "1:1 unknown-key"],
  ["depth without end", "[".repeat(100), "1:20 yaml-syntax"],
])("a file with %s is refused with line and column", (_title, text, expected) => {
  const read = readProviders("providers", new Map([["radio.yaml", Buffer.from(text)]]), PROVIDERS);
  const told = read.ok ? [] : read.problems.map(({ where, code }) => `${where?.line}:${where?.column} ${code}`);
  expect(told).toContain(expected);
});
