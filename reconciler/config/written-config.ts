// What a person may write in the server's own config.yaml, as its JSON Schema allows it.

export interface WrittenRemote {
  readonly url: string;
  readonly plain_http?: boolean;
  readonly identity_file?: string;
  readonly known_hosts_file?: string;
}

export interface WrittenConfig {
  readonly host?: string;
  readonly remotes: Readonly<Record<string, WrittenRemote>>;
  readonly branch?: string;
  readonly trust: "none" | { readonly allowed_signers: string };
  readonly root?: string;
  readonly state?: string;
  readonly state_copy?: string;
  readonly control?: string;
  readonly templates?: string;
  readonly http?: { readonly listen?: string };
  readonly interval_s?: number;
  readonly splay_s?: number;
  readonly watch?: boolean;
  readonly deadlines?: {
    readonly fetch_s?: number;
    readonly cycle_s?: number;
    readonly check_s?: number;
    readonly command_s?: number;
    readonly confirm_s?: number;
  };
  readonly limits?: {
    readonly file_bytes?: number;
    readonly tree_bytes?: number;
    readonly tree_files?: number;
    readonly history_runs?: number;
    readonly kept_bytes?: number;
    readonly reserve_bytes?: number;
  };
}
