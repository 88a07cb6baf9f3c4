import { jest } from '@jest/globals';
import type { Message } from '@wiber/contracts';
import type { ApiCall } from '../api/api.client.ts';
import { ApiProblem } from '../api/api.problem.ts';
import type { DeliveryBox } from './delivery.box.ts';

type Answer = { status: number; headers: Headers; data: unknown };
const calls: ApiCall[] = [];
/** What the gateway answers, in turn; an error is thrown. */
let answers: (Answer | Error)[] = [];

jest.unstable_mockModule('../api/api.client.ts', () => ({
  callApi: (call: ApiCall) => {
    calls.push(call);
    const answer = answers.shift() ?? new Error('no answer is left');
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  },
}));
jest.unstable_mockModule('./visible.pause.ts', () => ({ pauseWhileVisible: () => Promise.resolve() }));
const { DeliveryBox: Box } = await import('./delivery.box.ts');
const { CausalMemory } = await import('./causal.memory.ts');

const taken = (status: number, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: new Headers({ Location: '/messages/m?partition=1&offset=2', ...headers }),
  data: { messageId: 'm', lamport: 7 },
});
const trace = (state: string): Answer => ({ status: 200, headers: new Headers(), data: { state } });
const problem = (code: 'outcome_unknown' | 'log_unavailable' | 'unreachable' | 'invalid_request', status?: number) =>
  new ApiProblem({ code, title: code, detail: 'why', status });
const { signal } = new AbortController();

const boxOf = (): DeliveryBox => new Box({ fromUser: 'alice', toUser: 'bob' }, new CausalMemory());
const stateOf = (box: DeliveryBox) => box.state.value.map(({ state, attempts }) => [state, attempts]);
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
const keyOf = (call: ApiCall | undefined) => call?.headers?.['Idempotency-Key'];

beforeEach(() => {
  calls.length = 0;
});

describe('the sends of one user', () => {
  it('ask the gateway to wait until the message is stored, each under a key of its own', async () => {
    answers = [taken(201), taken(201)];
    const box = boxOf();
    await box.send('one', signal);
    await box.send('two', signal);
    expect(calls.map(({ headers }) => headers?.['Prefer'])).toEqual(['wait=5', 'wait=5']);
    expect(keyOf(calls[0])).toMatch(/^[\x21-\x7e]{1,255}$/);
    expect(keyOf(calls[0])).not.toBe(keyOf(calls[1]));
    expect(stateOf(box)).toEqual([
      ['stored', 1],
      ['stored', 1],
    ]);
  });

  it.each(['outcome_unknown', 'log_unavailable'] as const)('are retried after %s under the same key', async (code) => {
    answers = [problem(code, 503), taken(201)];
    const box = boxOf();
    const { key } = await box.send('one', signal);
    await box.retry(key, signal);
    expect(calls.map(keyOf)).toEqual([key, key]);
    expect(calls.map(({ body }) => body)).toEqual(Array(2).fill({ fromUser: 'alice', toUser: 'bob', content: 'one' }));
    expect(stateOf(box)).toEqual([['stored', 2]]);
  });

  it('stay unknown when no answer came, and when the retry could not be sent either', async () => {
    answers = [problem('unreachable'), problem('log_unavailable', 503)];
    const box = boxOf();
    const { key } = await box.send('one', signal);
    expect(stateOf(box)).toEqual([['unknown', 1]]);
    await box.retry(key, signal);
    expect(stateOf(box)).toEqual([['unknown', 2]]);
  });

  it.each([
    ['stored', 'stored'],
    ['dead_lettered', 'dead_lettered'],
  ])('are followed from 202 by their trace until they are %s', async (fate, state) => {
    answers = [taken(202), trace('pending'), problem('log_unavailable', 503), trace(fate)];
    const box = boxOf();
    await box.send('one', signal);
    await settled();
    expect(calls.slice(1).map(({ path }) => path)).toEqual(Array(3).fill('/messages/m/trace?partition=1&offset=2'));
    expect(stateOf(box)).toEqual([[state, 1]]);
  });

  it('leave one after the other, so that the log has them in the order in which they were written', async () => {
    answers = [problem('outcome_unknown', 503), taken(201)];
    const box = boxOf();
    const sends = ['one', 'two'].map((content) => box.send(content, signal));
    await Promise.resolve();
    expect(calls.length).toBeLessThan(2);
    expect(box.state.value.map(({ content, state }) => [content, state])).toEqual([
      ['one', 'sending'],
      ['two', 'sending'],
    ]);
    await Promise.all(sends);
    expect(calls.map(({ body }) => (body as { content: string }).content)).toEqual(['one', 'two']);
    expect(stateOf(box)).toEqual([
      ['unknown', 1],
      ['stored', 1],
    ]);
  });

  it('bring what the sender has seen, and learn from each answer', async () => {
    answers = [taken(201, { 'Causal-Token': '68b3f2a100000001-2a' }), taken(201)];
    const box = boxOf();
    await box.send('one', signal);
    await box.send('two', signal);
    expect(calls.map(({ headers }) => headers?.['Causal-Token'])).toEqual([undefined, '68b3f2a100000001-2a']);
  });

  it('are known as read once the conversation has shown their message, also when their fate comes later', async () => {
    answers = [problem('invalid_request', 400), taken(202), ...Array(20).fill(trace('pending')), trace('stored')];
    const box = boxOf();
    await box.send('refused', signal);
    await box.send('accepted', signal);
    box.markRead([{ messageId: 'm' } as Message]);
    await settled();
    expect(box.state.value.map(({ content, state, isRead }) => [content, state, isRead])).toEqual([
      ['refused', 'refused', undefined],
      ['accepted', 'stored', true],
    ]);
  });

  it('are remembered up to a bound, and the oldest settled ones go first', async () => {
    const box = boxOf();
    answers = [problem('invalid_request', 400), ...Array.from({ length: 60 }, () => taken(201))];
    for (let at = 0; at < 60; at += 1) await box.send(String(at), signal);
    expect(box.state.value.length).toBe(50);
    expect(box.state.value.at(-1)?.content).toBe('59');
  });
});
