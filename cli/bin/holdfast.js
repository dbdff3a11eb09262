#!/usr/bin/env node
import { existsSync } from 'node:fs';

// Linked at the install, which comes before the build.
const main = new URL('../dist/main.js', import.meta.url);
if (!existsSync(main)) {
  console.error('✖ Holdfast is not built yet: run npm start, or npm run build');
  process.exit(1);
}
await import(main.href);
