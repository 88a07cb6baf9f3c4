import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { LAYOUT_VARIABLE, type LayoutName } from './compose.layouts.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
const JEST = join('node_modules', 'jest', 'bin', 'jest.js');

/**
 * Runs compose.e2e-spec.ts: builds the images, starts the system of a layout, kills each of its containers, and looks for what was
 * lost. @returns the exit code of Jest
 */
export const tryLayout = async (layout: LayoutName): Promise<number> => {
  const select = ['--selectProjects', 'images', '--testPathPatterns', 'compose.e2e-spec'];
  const child = spawn(process.execPath, ['--experimental-vm-modules', '--no-warnings', JEST, ...select], {
    cwd: ROOT,
    stdio: 'inherit',
    // It starts servers of its own, in containers.
    env: { ...process.env, [LAYOUT_VARIABLE]: layout, WIBER_TEST_KAFKA: 'none', WIBER_TEST_MONGO_URI: 'none' },
  });
  // Jest gets Ctrl-C by itself, from the terminal.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve) => child.once('close', (code) => resolve(code ?? 2)));
};
