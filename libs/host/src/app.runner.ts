import { createLogger } from '@wiber/observability';
import { StartError } from './host.errors.ts';

/**
 * Loads an app's wiring, which reads its settings and listens. Whatever keeps it from starting ends the process with code
 * 1 and one line: a process that lives on without its port looks like one that works.
 */
export const runApp = async (app: string, load: () => Promise<unknown>): Promise<void> => {
  try {
    await load();
  } catch (error) {
    const logger = createLogger(app, app, 'info');
    if (error instanceof StartError) logger.fatal(error.message);
    else logger.fatal({ error }, `${app} could not start`);
    process.exit(1);
  }
};
