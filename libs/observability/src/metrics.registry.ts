import { collectDefaultMetrics, register, type Registry } from 'prom-client';

/** The process's registry, with Node's own metrics, labelled with the app and its instance. */
export const startMetrics = (app: string, instance: string): Registry => {
  register.clear();
  register.setDefaultLabels({ app, instance });
  collectDefaultMetrics({ register });
  return register;
};
