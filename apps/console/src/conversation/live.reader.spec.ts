import { jest } from '@jest/globals';
import type { Message } from '@wiber/contracts';
import type { ApiCall } from '../api/api.client.ts';
import { ApiProblem } from '../api/api.problem.ts';

type Answer = { headers: Headers; data: Message[] };
const calls: ApiCall[] = [];
let answers: (Answer | Error)[] = [];
let abort: AbortController;
/** How long the reader rested after each turn. */
let pauses: number[] = [];

jest.unstable_mockModule('../api/api.client.ts', () => ({
  callApi: (call: ApiCall) => {
    calls.push(call);
    const answer = answers.shift();
    if (answers.length === 0) abort.abort();
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  },
}));
jest.unstable_mockModule('./visible.pause.ts', () => ({
  pauseWhileVisible: (ms: number) => {
    pauses.push(ms);
    return Promise.resolve();
  },
}));
const { LiveReader } = await import('./live.reader.ts');
const { CausalMemory } = await import('./causal.memory.ts');

const NEWER = 'urn:wiber:rel:newer';
/** A page as the gateway gives it: newest first. */
const page = (ids: string, { newer, next, token }: { newer?: string; next?: string; token?: string } = {}): Answer => {
  const links = [newer && `<${newer}>; rel="${NEWER}"`, next && `<${next}>; rel="next"`].filter(Boolean).join(', ');
  return {
    data: [...ids].map((messageId) => ({ messageId }) as Message),
    headers: new Headers({ Link: links, ...(token === undefined ? {} : { 'Causal-Token': token }) }),
  };
};
const problem = (code: 'causal_token_ahead' | 'store_unavailable', retryAfterS?: number) =>
  new ApiProblem({ code, title: code, detail: 'why', status: 503, retryAfterS });

/** Reads until the last answer is taken; the last but one is the last that changes what is shown. */
const readAll = async (...given: (Answer | Error)[]) => readAs(['alice', 'b/b'], given);
const readAs = async (users: readonly [string, string], given: (Answer | Error)[]) => {
  answers = [...given, page('')];
  abort = new AbortController();
  calls.length = 0;
  pauses = [];
  const reader = new LiveReader(users, new CausalMemory());
  await reader.run(abort.signal);
  return reader.state.value;
};
const idsIn = ({ window }: Awaited<ReturnType<typeof readAll>>) =>
  window.messages.map(({ messageId }) => messageId).join('');

describe('one who reads a conversation', () => {
  it('reads the newest page by the log, then by the link of each answer what is newer, oldest first', async () => {
    const state = await readAll(page('cb', { newer: '/n1', next: '/older' }), page('ed', { newer: '/n2' }), page('f'));
    expect(calls.map(({ path }) => path)).toEqual(['/messages/alice/b%2Fb', '/n1', '/n2', '/n2']);
    expect(calls[0]?.query).toMatchObject({ sort: 'log', order: 'desc' });
    expect([idsIn(state), state.window.older]).toEqual(['bcdef', '/older']);
  });

  it('asks for a user called trace in front, where it is no trace of a message', async () => {
    await readAs(['alice', 'trace'], [page('a')]);
    expect(calls[0]?.path).toBe('/messages/trace/alice');
  });

  it('brings what it has seen along', async () => {
    await readAll(page('a', { token: '68b3f2a100000001-2a', newer: '/n' }), page('b'));
    expect(calls.map(({ headers }) => headers?.['Causal-Token'])).toEqual([
      undefined,
      '68b3f2a100000001-2a',
      '68b3f2a100000001-2a',
    ]);
  });

  it('forgets a token that the store refuses as none of its own', async () => {
    await readAll(page('a', { token: '68b3f2a100000001-2a' }), problem('causal_token_ahead'));
    expect(calls.map(({ headers }) => headers?.['Causal-Token'])).toEqual([
      undefined,
      '68b3f2a100000001-2a',
      undefined,
    ]);
  });

  it('begins anew in a store that was made anew: neither its cursor nor what it shows is of that one', async () => {
    const ahead = problem('causal_token_ahead');
    const state = await readAll(page('ba', { newer: '/n1', next: '/older' }), ahead, page('c', { newer: '/n2' }));
    expect(calls.map(({ path }) => path)).toEqual(['/messages/alice/b%2Fb', '/n1', '/messages/alice/b%2Fb', '/n2']);
    expect([idsIn(state), state.window.older]).toEqual(['c', undefined]);
  });

  it('keeps what it shows while a read fails, rests longer each time and as long as the gateway says, and goes on', async () => {
    const failures = [problem('store_unavailable'), problem('store_unavailable'), problem('store_unavailable', 4)];
    const state = await readAll(page('a', { newer: '/n' }), ...failures, page('b'));
    expect(pauses).toEqual([400, 800, 1600, 4000, 400, 400]);
    expect([idsIn(state), state.problem]).toEqual(['ab', undefined]);
  });
});
