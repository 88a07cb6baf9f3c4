import { spawn } from 'node:child_process';

/** Opens an address in the browser of the desktop, if there is a desktop. What goes wrong there is no fault of the tour. */
export const openOnDesktop = (address: string, env: NodeJS.ProcessEnv = process.env): void => {
  if (!env['DISPLAY'] && !env['WAYLAND_DISPLAY']) return;
  const child = spawn('xdg-open', [address], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
};
