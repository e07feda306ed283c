import ts from "typescript";

/* The public surface as TypeScript sees it: the entry points, and what each exports. */

const root = new URL("../", import.meta.url).pathname;
const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile) as {
  readonly config: { readonly compilerOptions: { readonly paths: Record<string, [string]> } };
};
const paths = config.compilerOptions.paths;
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
export const files = Object.entries(paths).map(([name, [file]]) => ({
  name,
  file: `${root}${file}`,
}));
const program = ts.createProgram(
  files.map(({ file }) => file),
  { ...options, noEmit: true, skipLibCheck: true },
);
export const checker = program.getTypeChecker();

/** The exported names of an entry point, with the declaration that each leads to. */
export function exportsOf(file: string): ReadonlyMap<string, ts.Symbol> {
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`no entry point ${file}`);
  return new Map(
    checker.getExportsOfModule(module).map((symbol) => {
      const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
      return [symbol.name, isAlias ? checker.getAliasedSymbol(symbol) : symbol];
    }),
  );
}
