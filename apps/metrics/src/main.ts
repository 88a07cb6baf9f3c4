import 'reflect-metadata';
import { runApp } from '@wiber/host';

// Imported inside runApp: the module reads the settings, and a wrong setting must end the process with one line.
await runApp('metrics', async () => (await import('./metrics.app.ts')).metricsApp);
