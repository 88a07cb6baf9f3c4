import { Gauge, collectDefaultMetrics, register, type Registry } from 'prom-client';
import { METRIC } from './metric.names.ts';

/**
 * The process's registry, labelled with the app and its instance. Node's own metrics keep the names that prom-client and other
 * clients give them (process_, nodejs_): dashboards and alerts that people have already know these names.
 * @param version of Wiber
 */
export const startMetrics = (app: string, instance: string, version: string): Registry => {
  register.clear();
  register.setDefaultLabels({ app, instance });
  collectDefaultMetrics({ register });
  const build = new Gauge({
    name: METRIC.buildInfo,
    help: 'Always 1; the label has the version of Wiber that runs.',
    labelNames: ['version'],
  });
  build.set({ version }, 1);
  return register;
};
