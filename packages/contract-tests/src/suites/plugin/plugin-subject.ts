/** A plugin to be tested, as its package gives it. */
export type PluginSubject = {
  /** The default export of the package's main module. */
  readonly plugin: unknown;
  /** Settings that the plugin accepts. Default: none. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** What stands in package.json; without it name and version are compared with nothing. */
  readonly packageJson?: { readonly name?: unknown; readonly version?: unknown };
  /** The built main module: imported in a thread of its own, to see that the import alone does nothing. */
  readonly main?: URL;
};
