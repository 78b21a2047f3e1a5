import { expect, test } from "@jest/globals";

import { parseSpan } from "../../../reconciler/cli/span.ts";

test.each([
  ["30m", 30 * 60_000],
  ["12h", 12 * 3_600_000],
  ["3d", 72 * 3_600_000],
  ["30d", 720 * 3_600_000],
])("%s is %d ms", (text, ms) => {
  expect(parseSpan(text)).toEqual({ ok: true, value: ms });
});

test.each(["", "72", "0h", "31d", "721h", "-1h", "1.5h", "1w", "1h30m", "9999999m", "3 d"])(
  "“%s” is refused",
  (text) => {
    expect(parseSpan(text)).toMatchObject({ ok: false, problems: [{ code: "bad-span" }] });
  },
);
