import type { Message } from '@wiber/contracts';
import fc from 'fast-check';
import {
  EMPTY_WINDOW,
  WINDOW_MAX,
  atNewest,
  withLater,
  withNewest,
  withOlder,
  type LoadedPage,
  type PageWindow,
} from './page.window.ts';

const pageOf = (ids: string, older?: string): LoadedPage => ({
  messages: [...ids].map((id) => ({ messageId: id }) as Message),
  older,
});
const windowOf = (ids: string, older?: string): PageWindow => atNewest(pageOf(ids, older));
const idsIn = ({ messages }: PageWindow): string => messages.map(({ messageId }) => messageId).join('');

describe('a window of a conversation', () => {
  it('takes a message that came into the middle of its newest page', () => {
    const window = withNewest(windowOf('abc', 'before-a'), pageOf('xbc', 'before-x'));
    expect(idsIn(window)).toBe('axbc');
    expect(window.older).toBe('before-a');
  });

  it('takes new messages behind its newest one', () => {
    expect(idsIn(withNewest(windowOf('abc'), pageOf('bcd')))).toBe('abcd');
  });

  it('begins anew when so much came that the page no longer touches it', () => {
    expect(withNewest(windowOf('abc', 'before-a'), pageOf('xyz', 'before-x'))).toEqual(windowOf('xyz', 'before-x'));
    expect(idsIn(withNewest(EMPTY_WINDOW, pageOf('ab')))).toBe('ab');
  });

  it('takes an older page in front, each message once', () => {
    const window = withOlder(windowOf('cd', 'page-1'), pageOf('abc', undefined), 'page-1');
    expect(idsIn(window)).toBe('abcd');
    expect(window.older).toBeUndefined();
  });

  it('takes no page that is not the one before it', () => {
    const window = windowOf('cd', 'page-1');
    expect(withOlder(window, pageOf('ab'), 'page-2')).toBe(window);
  });

  it('takes what is newer, each message once, and is the same window when there is nothing newer', () => {
    const window = windowOf('abc', 'before-a');
    expect(idsIn(withLater(window, pageOf('cd')))).toBe('abcd');
    expect(withLater(window, pageOf('c'))).toBe(window);
    expect(withLater(EMPTY_WINDOW, pageOf('', undefined))).not.toBe(EMPTY_WINDOW);
  });
});

/** Messages of a page of the gateway. */
const PAGE = 50;

/** One order of a conversation, and what a reader has of it. Links are the places where their pages end. */
class Walk {
  readonly all: string[] = [];
  window: PageWindow = EMPTY_WINDOW;
  private cursor = 0;
  private named = 0;

  constructor(count: number) {
    this.append(count);
    this.return();
  }

  /** Messages come, and the reader reads what is newer until it has all of them. */
  live(count: number): void {
    this.append(count);
    while (this.cursor < this.all.length) {
      const end = Math.min(this.cursor + PAGE, this.all.length);
      this.window = withLater(this.window, this.page(this.cursor, end, true));
      this.cursor = end;
    }
  }

  /** A message comes to each of these places before the newest one, and the newest page is asked for anew. */
  sorted(places: readonly number[]): void {
    for (const place of places) this.all.splice(this.all.length - Math.min(place, this.all.length), 0, this.newName());
    this.window = withNewest(this.window, this.newestPage());
    this.cursor = this.all.length;
  }

  older(): void {
    const { older } = this.window;
    if (older !== undefined) this.window = withOlder(this.window, this.pageAt(older), older);
  }

  /** Goes back page by page, and no more often than there are pages. */
  toBegin(afterPage: () => void): void {
    for (let pages = 0; this.window.older !== undefined && pages <= this.all.length / PAGE; pages += 1) {
      this.older();
      afterPage();
    }
    expect(this.window.older).toBeUndefined();
  }

  return(): void {
    this.window = atNewest(this.newestPage());
    this.cursor = this.all.length;
  }

  get first(): number {
    return this.all.indexOf(this.window.messages[0]?.messageId ?? '');
  }

  private pageAt(older: string): LoadedPage {
    const end = this.all.indexOf(older);
    return this.page(Math.max(0, end - PAGE), end, end >= PAGE);
  }

  private newestPage(): LoadedPage {
    const end = this.all.length;
    return this.page(Math.max(0, end - PAGE), end, end >= PAGE);
  }

  /** Its link is the message before which the next page ends. */
  private page(from: number, to: number, isBehindOthers: boolean): LoadedPage {
    const messages = this.all.slice(from, to).map((messageId) => ({ messageId }) as Message);
    return { messages, older: isBehindOthers && to > from ? this.all[from] : undefined };
  }

  private append(count: number): void {
    for (let added = 0; added < count; added += 1) this.all.push(this.newName());
  }

  private newName(): string {
    this.named += 1;
    return `m${String(this.named)}`;
  }
}

/** No gap, no message twice, no more than the bound, the page before it known, and a true count of what is newer. */
const expectSound = ({ window, all, first }: Walk): void => {
  const ids = window.messages.map(({ messageId }) => messageId);
  expect(ids.length).toBeLessThanOrEqual(WINDOW_MAX);
  expect(window.pagesBefore.size).toBeLessThanOrEqual(WINDOW_MAX);
  expect(ids.join()).toBe(all.slice(first, first + ids.length).join());
  if (first > 0) expect(window.older).toBe(ids[0]);
  expect(window.lacking ?? 0).toBe(all.length - first - ids.length);
};

type Step = { kind: 'live' | 'older'; count: number } | { kind: 'return'; count?: undefined };
const STEPS = fc.array(
  fc.oneof<fc.Arbitrary<Step>[]>(
    fc.record({ kind: fc.constant('live'), count: fc.integer({ min: 1, max: 130 }) }),
    fc.record({ kind: fc.constant('older'), count: fc.integer({ min: 1, max: 12 }) }),
    fc.record({ kind: fc.constant('return') }),
  ),
  { maxLength: 30 },
);
const COUNT = fc.integer({ min: 1, max: 1500 });

const take = (walk: Walk, { kind, count = 1 }: Step): void => {
  if (kind === 'live') walk.live(count);
  else if (kind === 'return') walk.return();
  else for (let taken = 0; taken < count; taken += 1) walk.older();
};

describe('a walk through a conversation', () => {
  it('has at each step a part without gaps and repeats, within its bound, and the true number of what is newer', () => {
    fc.assert(
      fc.property(COUNT, STEPS, (count, steps) => {
        const walk = new Walk(count);
        expectSound(walk);
        for (const step of steps) {
          take(walk, step);
          expectSound(walk);
        }
      }),
    );
  });

  it('comes from each place back to the first message, past each once, and then to the newest', () => {
    fc.assert(
      fc.property(COUNT, STEPS, (count, steps) => {
        const walk = new Walk(count);
        for (const step of steps) take(walk, step);
        const passed: string[] = [];
        let { first } = walk;
        const expected = walk.all.slice(0, first);
        walk.toBegin(() => {
          passed.unshift(...walk.all.slice(walk.first, first));
          ({ first } = walk);
        });
        expect(passed).toEqual(expected);
        walk.return();
        expect(walk.window.messages.at(-1)?.messageId).toBe(walk.all.at(-1));
        expect(walk.window.lacking).toBeUndefined();
      }),
    );
  });

  it('loses its oldest messages while it only follows what comes, and knows the way back to them', () => {
    fc.assert(
      fc.property(
        COUNT,
        fc.array(fc.integer({ min: 1, max: 130 }), { minLength: 8, maxLength: 20 }),
        (count, lives) => {
          const walk = new Walk(count);
          for (const live of lives) {
            walk.live(live);
            expectSound(walk);
            expect(walk.window.lacking).toBeUndefined();
          }
          walk.toBegin(() => expectSound(walk));
          expect(walk.first).toBe(0);
        },
      ),
    );
  });

  it('remembers no more pages than messages, although each message came in a page of its own', () => {
    const walk = new Walk(1);
    for (let came = 0; came < 1200; came += 1) walk.live(1);
    expectSound(walk);
  });

  it('keeps what a person has loaded: only newer messages leave its window', () => {
    fc.assert(
      fc.property(COUNT, STEPS, (count, steps) => {
        const walk = new Walk(count);
        for (const step of steps.filter(({ kind }) => kind !== 'return')) {
          const [first] = walk.window.isWalked ? walk.window.messages : [];
          take(walk, step);
          if (first !== undefined) expect(walk.all.indexOf(first.messageId)).toBeGreaterThanOrEqual(walk.first);
        }
      }),
    );
  });

  it('has no gap and no repeat either where messages come into the middle of the newest page', () => {
    const places = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(
        COUNT,
        fc.array(fc.oneof(places, fc.constant('older' as const)), { maxLength: 60 }),
        (count, steps) => {
          const walk = new Walk(count);
          for (const step of steps) {
            if (step === 'older') walk.older();
            else if (walk.window.lacking === undefined) walk.sorted(step);
            else walk.live(step.length);
            expectSound(walk);
          }
        },
      ),
    );
  });
});
