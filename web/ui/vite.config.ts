import react from '@vitejs/plugin-react';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { modulesAtStart } from './scripts/start.ts';

const folder = import.meta.dirname;

/** Names the sources of a build, so that a page can tell its own files from those of another one. */
function sources(): string {
  const files = readdirSync(join(folder, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.includes('.test.') && !entry.parentPath.endsWith('/test'))
    .map((entry) => join(entry.parentPath, entry.name));
  const hash = createHash('sha256');
  for (const file of [join(folder, 'package-lock.json'), ...files.sort()]) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}

// File names carry no hash: dist is committed and embedded in the binary, and
// a build of the same sources must give the same files. The server answers
// with an ETag, so that browsers still notice a new version.
export default defineConfig(async ({ command }): Promise<ViteUserConfig> => {
  const define = { __BUILD__: JSON.stringify(sources()) };
  const start = command === 'build' ? await modulesAtStart(folder, define) : new Set<string>();
  return {
    plugins: [react()],
    define,
    build: {
      target: 'es2022',
      cssCodeSplit: false,
      // The polyfill would be an inline script, which the page's policy forbids.
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 1500,
      rollupOptions: {
        output: {
          entryFileNames: 'assets/app.js',
          chunkFileNames: 'assets/[name].js',
          assetFileNames: 'assets/app[extname]',
          // What the first screen needs is two files, by how often they change;
          // each part that is loaded later is one of its own.
          codeSplitting: {
            includeDependenciesRecursively: false,
            groups: [
              { name: 'vendor', test: (id: string) => start.has(id) && id.includes('node_modules') },
              { name: 'base', test: (id: string) => start.has(id) && !id.endsWith('/src/main.tsx') },
            ],
          },
        },
        onLog(level, log, handler) {
          // Fluent marks its modules 'use client' for server rendering, which
          // means nothing in a bundle for browsers.
          if (log.code === 'MODULE_LEVEL_DIRECTIVE') return;
          handler(level, log);
        },
      },
    },
    server: { host: '127.0.0.1', proxy: { '/api': 'http://127.0.0.1:8080', '/auth': 'http://127.0.0.1:8080' } },
    preview: { host: '127.0.0.1' },
    test: {
      environment: 'jsdom',
      setupFiles: ['src/test/setup.ts'],
      css: false,
      testTimeout: 300_000, // more than one wait of a test may take (src/test/setup.ts)
    },
  };
});
