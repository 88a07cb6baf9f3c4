import 'reflect-metadata';
import { runApp } from '@wiber/host';

// Loaded and not imported: what the wiring throws while it reads its settings is told in one line.
await runApp('ingest', () => import('./ingest.app.ts'));
