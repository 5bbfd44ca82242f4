import { fileURLToPath } from 'node:url';
import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

/** The window's page. Its policy allows neither inline scripts nor inline styles: none are made here. */
export default defineConfig({
  root: fileURLToPath(new URL('src/window', import.meta.url)),
  base: './',
  plugins: [preact({ prefreshEnabled: false, devToolsEnabled: false })],
  resolve: { conditions: ['@proxim/source', 'module', 'browser', 'import', 'default'] },
  build: {
    outDir: fileURLToPath(new URL('dist/window', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
