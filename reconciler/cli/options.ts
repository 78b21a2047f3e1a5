// What every verb can be told.

export const DEFAULT_CONFIG = "/etc/reconciler/config.yaml";

export interface CommonOptions {
  /** Absolute or relative path of config.yaml. */
  readonly config: string;
  readonly json: boolean;
}
