// Bundles the page of the React example: node bundle.mjs [folder]

import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

await build({
  entryPoints: [here('../../examples/react/app.jsx')],
  outdir: argv[2] ?? here('../../target/react'),
  bundle: true,
  jsx: 'automatic',
  logLevel: 'warning',
  minify: true,
  // The packages are installed here and not beside the example.
  nodePaths: [here('node_modules')],
  // There is no `process` in a browser; Next.js replaces these too.
  define: { 'process.env.NODE_ENV': '"production"', 'process.env': '{}' },
});
