/** The only reader of `process.env`: names and types, no defaults. */
export interface Env {
  configFile?: string;
  dataDir?: string;
  port?: string;
  host?: string;
  logLevel?: string;
  /** Bearer token for CLI calls against a running daemon. */
  token?: string;
  /** Base address of a running daemon, for CLI calls. */
  url?: string;
  /** The user's locale, e.g. `zh_CN.UTF-8`; the first of them counts. */
  lcAll?: string;
  lang?: string;
}

const names: Record<keyof Env, string> = {
  configFile: 'WXRC_CONFIG',
  dataDir: 'WXRC_DATA',
  port: 'WXRC_PORT',
  host: 'WXRC_HOST',
  logLevel: 'WXRC_LOG',
  token: 'WXRC_TOKEN',
  url: 'WXRC_URL',
  lcAll: 'LC_ALL',
  lang: 'LANG',
};

/** Of whoever has no config that says it: English where the locale is, else Chinese. */
export function localeLanguage({ lcAll, lang }: Env): 'zh' | 'en' {
  return (lcAll ?? lang ?? '').startsWith('en') ? 'en' : 'zh';
}

export function readEnv(source: Record<string, string | undefined> = process.env): Env {
  const env: Env = {};
  for (const key of Object.keys(names) as (keyof Env)[]) {
    const value = source[names[key]];
    if (value !== undefined && value !== '') env[key] = value;
  }
  return env;
}

/**
 * Where SQLite keeps what it writes for a while, unless the environment says another folder: beside
 * the data. A small `/tmp` would have no room to write a large database anew. Before SQLite is used.
 */
export function keepSqliteTempIn(dataDir: string): void {
  process.env['SQLITE_TMPDIR'] ??= dataDir;
}

/** Undefined: SQLite finds a folder of the system. */
export function sqliteTempDir(): string | undefined {
  return process.env['SQLITE_TMPDIR'];
}
