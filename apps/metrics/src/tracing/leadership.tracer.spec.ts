import { LeadershipTracer } from './leadership.tracer.ts';
import { tracingDouble } from './tracing.double-spec.ts';

const AWAY = { ms: 700, error: new TypeError('no primary at 10.0.0.1') };
const WELL = { ms: 4 };

const tracerOf = () => {
  const { tracing, spans } = tracingDouble();
  const tracer = new LeadershipTracer(tracing);
  const told = () => spans.map(({ name, under, end }) => [name, under, end?.error]);
  return { tracer, spans, told };
};

/** A worker that gets the lease. */
const takes = (tracer: LeadershipTracer, term = 3) => {
  tracer.called({ type: 'look' }, WELL);
  tracer.called({ type: 'acquire' }, WELL);
  tracer.leads(term);
};

test('a term is one trace: the call that took the lease, the term with its end, and the call that gave it back; renewals have no span', () => {
  const { tracer, spans, told } = tracerOf();
  takes(tracer);
  for (let beat = 0; beat < 1000; beat += 1) tracer.called({ type: 'renew' }, WELL);
  tracer.ends('stopped');
  tracer.called({ type: 'release' }, WELL);
  expect(told()).toEqual([
    ['acquire lease', undefined, undefined],
    ['lead', 'acquire lease', undefined],
    ['release lease', 'lead', undefined],
  ]);
  expect(spans[0]!.end!.endMs! - spans[0]!.startMs!).toBe(4);
  expect(spans[1]).toMatchObject({
    ...{ kind: 'internal', startMs: spans[0]!.end!.endMs, attributes: { 'wiber.term': 3 } },
    end: { attributes: { 'wiber.outcome': 'stopped' } },
  });
});

test('a worker that looks and does not get the lease has no span', () => {
  const { tracer, spans } = tracerOf();
  for (let look = 0; look < 1000; look += 1) tracer.called({ type: 'look' }, WELL);
  tracer.called({ type: 'acquire' }, WELL);
  tracer.called({ type: 'look' }, WELL);
  expect(spans).toEqual([]);
});

test.each(['late', 'lost', 'outranked', 'yielded'] as const)('a term that ends %s is an error', (why) => {
  const { tracer, told } = tracerOf();
  takes(tracer);
  tracer.ends(why);
  expect(told()[1]).toEqual(['lead', 'acquire lease', why]);
});

test('a term that yields ends once, and one whose tasks end by themselves ends with its lease', () => {
  const { tracer, spans } = tracerOf();
  takes(tracer);
  tracer.ends('yielded');
  tracer.called({ type: 'release' }, WELL);
  takes(tracer);
  tracer.called({ type: 'release' }, WELL);
  const ends = spans.filter(({ name }) => name === 'lead').map(({ end }) => end?.attributes?.['wiber.outcome']);
  expect(ends).toEqual(['yielded', 'stopped']);
});

test('of calls that fail for hours the first three have spans, in the trace of the term, and none has a word of a server', () => {
  const { tracer, spans, told } = tracerOf();
  takes(tracer);
  for (let call = 0; call < 10_000; call += 1) tracer.called({ type: 'renew' }, AWAY);
  expect(told().slice(2)).toEqual(Array.from({ length: 3 }, () => ['renew lease', 'lead', 'TypeError']));
  expect(JSON.stringify(spans)).not.toContain('10.0.0.1');
});

test('what fails after the end of a term belongs to no trace of it', () => {
  const { tracer, told } = tracerOf();
  takes(tracer);
  tracer.ends('late');
  tracer.called({ type: 'release' }, AWAY);
  tracer.called({ type: 'look' }, AWAY);
  takes(tracer, 5);
  tracer.ends('lost');
  tracer.called({ type: 'look' }, AWAY);
  expect(told()).toEqual([
    ['acquire lease', undefined, undefined],
    ['lead', 'acquire lease', 'late'],
    ['release lease', 'lead', 'TypeError'],
    ['look lease', undefined, 'TypeError'],
    ['acquire lease', undefined, undefined],
    ['lead', 'acquire lease', 'lost'],
    ['look lease', undefined, 'TypeError'],
  ]);
});

test('without tracing nothing is begun', () => {
  const start = () => {
    throw new Error('nobody asked for it');
  };
  const tracer = new LeadershipTracer({ isOn: false, start });
  takes(tracer);
  tracer.called({ type: 'renew' }, AWAY);
  tracer.ends('lost');
});
