import type { InstanceLook } from '@wiber/contracts';
import { change, compared, type Compared, type LookChange } from './look.change.ts';

const APPS = { gateways: 'gateway', ingests: 'ingest', workers: 'metrics worker' } as const;

export const instanceChanges = (before: Compared, after: Compared): LookChange[] =>
  (Object.keys(APPS) as (keyof typeof APPS)[]).flatMap((kind) => {
    const app = APPS[kind];
    const { both, added } = compared<InstanceLook, string>(before[kind], after[kind], ({ instance }) => instance);
    return [
      ...added
        .filter(({ status }) => status === 'up')
        .map(({ instance }) => change(['instance_new', 'good'], instance, `The ${app} ${instance} runs.`)),
      ...added.flatMap((is) => nameChanges(app, { ...is, isShared: false }, is)),
      ...both.flatMap(([was, is]) => [
        ...statusChanges(app, was, is),
        ...nameChanges(app, was, is),
        ...breakerChanges(was, is),
      ]),
    ];
  });

const isRunning = ({ status }: InstanceLook): boolean => status === 'up' || status === 'stopping';

const statusChanges = (app: string, was: InstanceLook, is: InstanceLook): LookChange[] => {
  const { instance, status } = is;
  if (was.status === status || was.status === 'unknown') return [];
  // One of two processes stops and the other one does not: their pulses take turns.
  if (was.isShared && is.isShared && isRunning(was) && isRunning(is)) return [];
  const name = `The ${app} ${instance}`;
  switch (status) {
    case 'up':
      return [change(['instance_back', 'good'], instance, `${name} is back.`)];
    case 'stopping':
      return [change(['instance_stopping', 'info'], instance, `${name} stops.`)];
    case 'silent':
      return [change(['instance_silent', 'bad'], instance, `${name} gives no sign of life.`)];
    case 'gone': {
      const hasSaid = was.status === 'stopping';
      const text = hasSaid ? `${name} has stopped.` : `${name} is gone without having said that it stops.`;
      return [change(['instance_gone', hasSaid ? 'info' : 'bad'], instance, text)];
    }
    case 'unknown':
      return [];
  }
};

const nameChanges = (app: string, was: InstanceLook, is: InstanceLook): LookChange[] => {
  if (was.isShared === is.isShared || !isRunning(is)) return [];
  const name = `the ${app} ${is.instance}`;
  return is.isShared
    ? [
        change(
          ['instance_shared', 'bad'],
          is.instance,
          `More than one process runs as ${name}: each needs its own INSTANCE.`,
        ),
      ]
    : [change(['instance_single', 'good'], is.instance, `One process alone runs as ${name} now.`)];
};

const breakerChanges = (was: InstanceLook, is: InstanceLook): LookChange[] => {
  if (is.status !== 'up') return [];
  const opened = (look: InstanceLook) =>
    new Set(look.breakers.filter(({ state }) => state !== 'closed').map(({ name }) => name));
  const [before, now] = [opened(was), opened(is)];
  const { instance } = is;
  return [
    ...[...now]
      .filter((name) => !before.has(name))
      .map((name) => change(['breaker_open', 'bad'], instance, `The breaker ${name} of ${instance} is open.`)),
    ...[...before]
      .filter((name) => !now.has(name))
      .map((name) =>
        change(['breaker_closed', 'good'], instance, `The breaker ${name} of ${instance} is closed again.`),
      ),
  ];
};
