import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const system = process.env.HOLDFAST_URL ?? 'http://localhost:8080';

export default defineConfig({
  base: '/console/',
  plugins: [react()],
  build: {
    outDir: 'dist/site',
    emptyOutDir: true,
    // Fonts and icons as files: the Content-Security-Policy knows no data: URLs.
    assetsInlineLimit: 0,
  },
  // `npx vite console` while working on the console, beside `npm start`.
  server: { proxy: { '/ops': system, '/v1': system, '/openapi': system } },
});
