import { expect, it } from '@jest/globals';
import { RestartBackoff } from './container.end.ts';
import type { Docker } from './docker.engine.ts';
import type { PodPlan, ProbePlan } from './pod.plan.ts';
import { RunningPod, type PodEvent } from './running.pod.ts';

const probe = (name: string, failureThreshold: number): ProbePlan => ({
  ask: { type: 'exec', command: [name] },
  periodSeconds: 1,
  timeoutSeconds: 1,
  failureThreshold,
});
const PLAN: PodPlan = {
  app: 'gateway',
  image: 'wiber/gateway:0.1.0',
  command: [],
  args: [],
  environment: [],
  nameVariable: undefined,
  user: 1000,
  group: 1000,
  isReadOnly: true,
  dropped: ['ALL'],
  isPrivilegeEscalationAllowed: false,
  memoryBytes: 1,
  mounts: [],
  ports: [],
  probes: { startup: probe('startup', 3), liveness: probe('liveness', 2), readiness: probe('readiness', 2) },
  preStopSeconds: 5,
  graceSeconds: 30,
  isRestarted: true,
};
const PLACE = { pod: 'gateway-1', container: 'run-gateway-1', network: 'run', aliases: [], volumes: {} };

/** An engine whose probes answer in turn, the last answer for ever. It keeps what was asked of it. */
const engine = (answers: Record<string, boolean[]>, end: 'ends' | 'goes on' = 'ends') => {
  const asked: string[] = [];
  const events: PodEvent['event'][] = [];
  const ends: ((reason: 'memory' | 'exit') => void)[] = [];
  let reason = 'exit';
  const docker: Docker = async (args, timeoutMs) => {
    const [verb, , name = ''] = args;
    // The end of a container that nobody asked for: by `ends`, in their order.
    if (verb === 'wait' && timeoutMs === Infinity) {
      reason = await new Promise<string>((resolve) => ends.push(resolve));
      return '137';
    }
    if (verb === 'inspect') return String(reason === 'memory');
    if (verb === 'exec') {
      const list = answers[name] ?? [true];
      const isRight = list.length > 1 ? list.shift()! : list[0]!;
      if (!isRight) throw new Error('exit code 1');
      return '';
    }
    asked.push(verb === 'wait' ? `wait ${timeoutMs}` : args.filter((one) => one !== PLACE.container).join(' '));
    if (verb === 'wait' && end === 'goes on') throw new Error('no end in time');
    return '';
  };
  const waits: number[] = [];
  const wait = async (seconds: number) => {
    waits.push(seconds);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { asked, events, waits, ends, ports: { docker, wait, report: ({ event }: PodEvent) => events.push(event) } };
};

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
};

it('a pod is ready once its startup and its readiness say so, and not ready after two failures', async () => {
  const { ports, events } = engine({
    startup: [false, true],
    readiness: [false, true, false, true, false, false, true],
  });
  const pod = await RunningPod.start(PLAN, PLACE, ports);
  await until(() => events.length >= 4);
  expect(events.slice(0, 4)).toEqual(['started', 'ready', 'not ready', 'ready']);
  await pod.stop();
});

it('a pod whose startup fails as often as its threshold is never ready', async () => {
  const { ports, events } = engine({ startup: [false, false, false, true] });
  const pod = await RunningPod.start(PLAN, PLACE, ports);
  await until(() => events.length >= 2);
  expect(events).toEqual(['started', 'start failed']);
  expect(pod.isReady).toBe(false);
});

it('a pod whose liveness fails is told', async () => {
  const { ports, events } = engine({ liveness: [true, false] });
  const pod = await RunningPod.start(PLAN, PLACE, ports);
  await until(() => events.includes('unhealthy'));
  await pod.stop();
});

it('a pod that is deleted gets no request any more, waits for preStop, gets SIGTERM, and has the rest of its grace', async () => {
  const { ports, asked, waits, events } = engine({});
  const pod = await RunningPod.start(PLAN, PLACE, ports);
  await until(() => pod.isReady);
  const stopping = pod.stop();
  expect(pod.isReady).toBe(false);
  await stopping;
  expect(waits).toContain(PLAN.preStopSeconds);
  expect(asked.slice(1)).toEqual(['kill --signal TERM', 'wait 25000', 'rm --force --volumes']);
  expect(events.at(-1)).toBe('stopped');
});

it('a pod that does not end within its grace is killed, and that is told', async () => {
  const { ports, asked, events } = engine({}, 'goes on');
  const pod = await RunningPod.start(PLAN, PLACE, ports);
  await pod.stop();
  expect(asked.slice(1)).toEqual(['kill --signal TERM', 'wait 25000', 'kill', 'rm --force --volumes']);
  expect(events.at(-1)).toBe('killed at the end of its grace');
});

it('a pod whose run is over is asked nothing more, so nothing keeps the process alive', async () => {
  const { ports, waits, asked, ends } = engine({});
  const pod = await RunningPod.start(PLAN, PLACE, ports);
  await until(() => pod.isReady && ends.length === 1);
  pod.abandon();
  ends[0]!('exit');
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  const [waited, called] = [waits.length, asked.length];
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect([waits.length, asked.length]).toEqual([waited, called]);
});

it('a container that ends is started again as a kubelet does: at once, then after waits that double', async () => {
  const { ports, asked, waits, events, ends } = engine({});
  const pod = await RunningPod.start(PLAN, PLACE, ports);
  for (const [end, reason] of (['memory', 'exit', 'exit'] as const).entries()) {
    await until(() => pod.isReady && ends.length === end + 1);
    waits.length = 0;
    ends[end]!(reason);
    await until(() => !pod.isReady);
    await until(() => events.filter((one) => one === 'started again').length === end + 1);
    expect(waits).toContain([0, 10, 20][end]);
  }
  const told = events.filter((event) => event !== 'ready');
  expect(told).toEqual([
    ...['started', 'killed for its memory', 'started again'],
    ...['ended', 'started again', 'ended', 'started again'],
  ]);
  expect(asked.filter((one) => one === 'start')).toHaveLength(3);
  await pod.stop();
});

it('a container of a job, and one that is being stopped, are not started again', async () => {
  const job = engine({});
  await RunningPod.start({ ...PLAN, isRestarted: false, probes: {} }, PLACE, job.ports);
  expect(job.ends).toEqual([]);
  const { ports, asked, events, ends } = engine({});
  const pod = await RunningPod.start(PLAN, PLACE, ports);
  await until(() => pod.isReady && ends.length === 1);
  const stopping = pod.stop();
  ends[0]!('exit');
  await stopping;
  expect(asked).not.toContain('start');
  expect(events.at(-1)).toBe('stopped');
});

it('a kubelet waits 300 s at most, and not at all after ten minutes without an end', () => {
  const backoff = new RestartBackoff();
  expect(Array.from({ length: 8 }, () => backoff.nextSeconds(1))).toEqual([0, 10, 20, 40, 80, 160, 300, 300]);
  expect([backoff.nextSeconds(600), backoff.nextSeconds(599)]).toEqual([0, 10]);
});

it('a container that the engine no longer tells about is an event, and no rejection', async () => {
  const { ports, events } = engine({});
  const docker: Docker = (args, timeoutMs) =>
    timeoutMs === Infinity ? Promise.reject(new Error('no engine')) : ports.docker(args, timeoutMs);
  const pod = await RunningPod.start(PLAN, PLACE, { ...ports, docker });
  await until(() => events.includes('lost sight of'));
  await pod.stop();
});
