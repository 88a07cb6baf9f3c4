export { AppProcess, PORT_VARIABLE, type AppName } from './app.process.ts';
export { eventually } from './eventually.ts';
export { appendRaw, freshSystem, testServers } from './fresh.names.ts';
export { OwnServers } from './servers.client.ts';
