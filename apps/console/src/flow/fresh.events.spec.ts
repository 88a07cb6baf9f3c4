import { describe, expect, it } from '@jest/globals';
import { newsOf } from './fresh.events.ts';

describe('the news of a node', () => {
  it('is its newest event, for eight seconds', () => {
    const events = [
      { at: 9000, subject: 'ingest-1', text: 'back' },
      { at: 7000, subject: 'ingest-1', text: 'silent' },
      { at: 1500, subject: 'partition 3', text: 'moved' },
      { at: 900, subject: 'broker 1', text: 'gone' },
    ];
    expect([...newsOf(events, 9000).values()].map(({ text }) => text)).toEqual(['back', 'moved']);
  });
});
