import { createLogger, endOnFault } from '@wiber/observability';
import type { AppDefinition } from './app.definition.ts';
import { AppInstance } from './app.instance.ts';
import { keepRequestsYoung } from './heap.policy.ts';
import { StartError } from './host.errors.ts';
import { STOP_SIGNALS, stopOnSignal } from './signal.stopper.ts';

/**
 * Modules are loaded, and an app is made, without a turn of the event loop. A signal that came meanwhile is heard in this one.
 */
const hearSignals = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * Runs one app as this process. An app that can't start ends the process with code 1 and one line: a process without its
 * port would look like one that works.
 * @param load imports the app's definition, which reads its settings: a wrong setting is then such a line, too
 * @param whileLoading listens to the signals of a stop until the app itself does
 */
export const runApp = async (
  name: string,
  load: () => Promise<AppDefinition>,
  whileLoading: () => void,
): Promise<void> => {
  keepRequestsYoung();
  try {
    await hearSignals();
    const definition = await load();
    await hearSignals();
    endOnFault(definition.logger);
    const app = await AppInstance.create(definition);
    await hearSignals();
    stopOnSignal(definition.logger, app);
    for (const signal of STOP_SIGNALS) process.off(signal, whileLoading);
    app.refused.catch((error: unknown) => app.isStopping || endUnstarted(name, error));
    await app.start();
  } catch (error) {
    endUnstarted(name, error);
  }
};

const endUnstarted = (name: string, error: unknown): never => {
  const logger = createLogger(name, name, 'info');
  if (error instanceof StartError) logger.fatal(error.message);
  else logger.fatal({ error }, `${name} could not start`);
  process.exit(1);
};
