import { SAMPLE, type Figures } from '@wiber/contracts';
import { LRUCache } from 'lru-cache';
import type { NameHash } from './name.hash.ts';

/** Conversations whose hashes are remembered, about 300 bytes each. */
const KNOWN_MAX = 20_000;

/** What one message of a conversation adds to the samples: a conversation, and one or two users. */
export class ConversationSamples {
  private readonly names: NameHash;
  private readonly known = new LRUCache<string, Figures['samples']>({ max: KNOWN_MAX });

  constructor(names: NameHash) {
    this.names = names;
  }

  /** @param conversation two names with a colon between them */
  of(conversation: string): Figures['samples'] {
    const present = this.known.get(conversation);
    if (present !== undefined) return present;
    const users = [...new Set(conversation.split(':'))];
    const samples = {
      [SAMPLE.conversations]: [this.names.of(conversation)],
      [SAMPLE.users]: users.map((user) => this.names.of(user)),
    };
    this.known.set(conversation, samples);
    return samples;
  }
}
