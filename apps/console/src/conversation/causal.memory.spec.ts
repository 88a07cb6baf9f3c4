import { CausalMemory } from './causal.memory.ts';

const answer = (token?: string) => new Headers(token === undefined ? {} : { 'Causal-Token': token });
const EARLY = '68b3f2a100000001-2a';
const LATE = '68b3f2a100000002-7';

describe('what a reader has seen', () => {
  it('goes along with the next request, and is that of the newest answer', () => {
    const memory = new CausalMemory();
    expect(memory.headers).toEqual({});
    memory.take(answer(EARLY));
    memory.take(answer());
    expect(memory.headers).toEqual({ 'Causal-Token': EARLY });
  });

  it('follows another reader forward and never back', () => {
    const [one, other] = [new CausalMemory(), new CausalMemory()];
    other.take(answer(LATE));
    one.follow(other);
    expect(one.headers).toEqual({ 'Causal-Token': LATE });
    one.forget();
    other.follow(one);
    expect(other.headers).toEqual({ 'Causal-Token': LATE });
  });
});
