import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { bundledPackages } from './bundled.packages.mjs';

/** Where the gateway answers that the development server passes calls on to. */
const GATEWAY = process.env.WIBER_GATEWAY ?? 'http://127.0.0.1:8000';
const CALLS = ['/messages', '/users', '/dead-letters', '/stats', '/health', '/docs', '/docs-json'];

export default defineConfig({
  base: '/console/',
  plugins: [react(), bundledPackages()],
  build: {
    target: 'es2022',
    // A data: URL in a style sheet would need an exception in the Content-Security-Policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 600,
  },
  server: {
    host: '127.0.0.1',
    proxy: Object.fromEntries(CALLS.map((path) => [path, { target: GATEWAY }])),
  },
});
