import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// File names carry no hash: dist is committed and embedded in the binary, and
// a build of the same sources must give the same files. The server answers
// with an ETag, so that browsers still notice a new version.
export default defineConfig({
  plugins: [react()],
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
        // Named, so that what the lazy parts share with the first screen does
        // not come under the name of whichever module happens to be first. As few
        // as can be: each compresses by itself. teams-js asks Microsoft's CDN as
        // soon as it is loaded, so nothing outside Teams may load it.
        codeSplitting: {
          groups: [
            { name: 'sdk', test: /teams-js|\/src\/teams\/sdk/ },
            { name: 'vendor', test: (id: string) => id.includes('node_modules') && !id.includes('teams-js') },
            { name: 'base', test: /\/src\/(?!admin\/|main\.tsx|teams\/(sdk|window))/ },
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
    testTimeout: 60_000,
  },
});
