import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

export default defineConfig({
  // Relative addresses: the page works wherever it is served.
  base: './',
  plugins: [preact({ devToolsEnabled: false })],
  // The workspace's packages are taken from their sources.
  resolve: { conditions: ['@proxim/source', 'module', 'browser', 'import', 'default'] },
  build: {
    target: ['es2022', 'safari16'],
    // The page's policy allows no inline script, no inline style and no data: URL of a script or of wasm.
    modulePreload: false,
    assetsInlineLimit: 0,
    rolldownOptions: {
      // Importing a module of the workspace does nothing by itself: what is not used is left out.
      treeshake: { moduleSideEffects: (id) => !id.includes('/packages/') || id.endsWith('.css') },
    },
  },
});
