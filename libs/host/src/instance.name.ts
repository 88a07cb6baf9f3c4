import { hostname } from 'node:os';
import { INSTANCE_NAME } from '@wiber/contracts';

/**
 * The name of a process whose `INSTANCE` is not set. The name of its host tells pods and containers apart: a pod's host has
 * the pod's name, such as gateway-7d9f-x2b, and a container's host has its id, which does not say which app it is.
 */
export const instanceName = (app: string, host: string = hostname()): string => {
  const name = host.includes(app) ? host : `${app}-${host}`;
  return INSTANCE_NAME.test(name) ? name : `${app}-1`;
};
