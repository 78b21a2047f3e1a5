// A value as JSON that is also safe to print.

const BEYOND_JSON = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

/**
 * JSON.stringify leaves characters alone that can steer a terminal or turn text around; here they are escaped as well.
 * Reading it back gives the same value.
 */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(
    BEYOND_JSON,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
