import { createLogger, endOnFault } from '@wiber/observability';
import type { AppDefinition } from './app.definition.ts';
import { AppInstance } from './app.instance.ts';
import { StartError } from './host.errors.ts';
import { stopOnSignal } from './signal.stopper.ts';

/**
 * Runs one app as this process. An app that can't start ends the process with code 1 and one line: a process without its
 * port would look like one that works.
 * @param load imports the app's definition, which reads its settings: a wrong setting is then such a line, too
 */
export const runApp = async (name: string, load: () => Promise<AppDefinition>): Promise<void> => {
  try {
    const definition = await load();
    endOnFault(definition.logger);
    const app = await AppInstance.create(definition);
    stopOnSignal(definition.logger, app);
    await app.start();
  } catch (error) {
    const logger = createLogger(name, name, 'info');
    if (error instanceof StartError) logger.fatal(error.message);
    else logger.fatal({ error }, `${name} could not start`);
    process.exit(1);
  }
};
