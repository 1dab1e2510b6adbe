import react from '@vitejs/plugin-react';
import { build, type Rolldown } from 'vite';

/**
 * The modules that the first screen needs, found by a build that groups
 * nothing. Only a build knows: whoever imports one component of Fluent's
 * imports, by the letter, all of them.
 */
export async function modulesAtStart(root: string, define: Record<string, string>): Promise<ReadonlySet<string>> {
  const built = await build({
    configFile: false,
    root,
    define,
    plugins: [react()],
    logLevel: 'silent',
    build: { target: 'es2022', write: false, minify: false, modulePreload: { polyfill: false } },
  });
  const chunks = new Map((built as Rolldown.RolldownOutput).output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file] as const] : [])));
  const modules = new Set<string>();
  const seen = new Set<string>();
  const visit = (name: string) => {
    const chunk = chunks.get(name);
    if (!chunk || seen.has(name)) return;
    seen.add(name);
    for (const id of chunk.moduleIds) modules.add(id);
    chunk.imports.forEach(visit);
  };
  for (const { isEntry, fileName } of chunks.values()) if (isEntry) visit(fileName);
  return modules;
}
