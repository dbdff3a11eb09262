import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

const system = process.env.HOLDFAST_URL ?? 'http://localhost:8080';

export default defineConfig({
  plugins: [react()],
  resolve: { conditions: ['holdfast-source', ...defaultClientConditions] },
  build: {
    outDir: 'dist/site',
    emptyOutDir: true,
    // Icons as files: the Content-Security-Policy knows no data: URLs.
    assetsInlineLimit: 0,
  },
  // `npx vite site` while working on the page, beside `npm start`.
  server: { proxy: { '/v1': system, '/openapi': system } },
});
