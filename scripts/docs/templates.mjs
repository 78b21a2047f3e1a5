// The layers of the templates in, docs/templates.md out: what each configures, and every variable with its sentence.
import { code, generated, table } from "./markdown.mjs";

export function templatesPage(layers) {
  return (
    [
      generated("templates/*/layer.yaml"),
      "# Templates and their variables",
      "Each layer can be named in `INCLUDE`, or in `templates:` of a fleet. A variable without a default has to be set for each school. `mace config` prints the same with the values of one school.",
      ...layers.map(section),
    ].join("\n\n") + "\n"
  );
}

function section({ name, services, variables }) {
  const parts = [`## ${name}`, `Configures ${services.map((service) => code(service)).join(", ")}.`];
  if (variables.length === 0) return [...parts, "It has no variables."].join("\n\n");
  return [...parts, table(["variable", "type", "default", "meaning", "example"], variables.map(row))].join("\n\n");
}

function row({ name, type, choices, about, default: usual, example, required }) {
  const kind = type === "choice" ? choices.map(code).join(" or ") : type;
  return [
    code(name),
    kind,
    usual === undefined ? (required ? "**required**" : "") : usual === "" ? "empty" : code(usual),
    about,
    code(example ?? ""),
  ];
}
