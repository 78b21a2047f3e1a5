// The settings of this server, as the program holds them: nothing optional that has a default, absolute paths,
// milliseconds. Frozen.

export interface Remote {
  readonly name: string;
  /** An https, ssh or http address, `user@host:path`, or an absolute path. */
  readonly url: string;
  /** Whether an http:// address may be asked. */
  readonly plainHttp: boolean;
  readonly identityFile?: string;
  readonly knownHostsFile?: string;
}

/** Whose commits are obeyed. `none`: of everybody who can write to the repository. */
export type Trust = { readonly type: "none" } | { readonly type: "signers"; readonly allowedSigners: string };

export interface Config {
  /** Absolute path of the file this was read from. */
  readonly file: string;
  readonly host: string;
  /** In the order in which they are asked. Never empty. */
  readonly remotes: readonly Remote[];
  readonly branch: string;
  readonly trust: Trust;
  /** The folder that is managed. */
  readonly root: string;
  readonly state: string;
  /** Holds a second copy of what has to outlive a damaged state directory. */
  readonly stateCopy: string;
  readonly control: string;
  readonly templates: string;
  /** Port 0 takes any free one. */
  readonly http: { readonly host: string; readonly port: number };
  readonly intervalMs: number;
  readonly splayMs: number;
  readonly watch: boolean;
  readonly deadlines: {
    readonly fetchMs: number;
    readonly cycleMs: number;
    readonly checkMs: number;
    readonly commandMs: number;
    /** How long this server has, after a change that could cut it off, to show that it did not. */
    readonly confirmMs: number;
  };
  readonly limits: {
    /** Bytes of one file of the repository, of all that one host reads, and how many files these are. */
    readonly fileBytes: number;
    readonly treeBytes: number;
    readonly treeFiles: number;
    readonly historyRuns: number;
    /** Bytes of old contents that were not ours and were replaced. */
    readonly keptBytes: number;
    /** Bytes set aside for a disk that is full; 0 for none. */
    readonly reserveBytes: number;
  };
}
