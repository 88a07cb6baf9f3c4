import 'reflect-metadata';
import { runApp } from '@wiber/host';

// Imported inside runApp: the module reads the settings, and a wrong setting must end the process with one line.
await runApp('gateway', async () => (await import('./gateway.app.ts')).gatewayApp);
