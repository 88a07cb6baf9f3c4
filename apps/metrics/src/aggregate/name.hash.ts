import { hash } from 'node:crypto';
import { HASH_BITS } from '@wiber/contracts';
import { LRUCache } from 'lru-cache';

/** Names whose hash is remembered, about 100 bytes each. */
const KNOWN_MAX = 50_000;
const HASH_BYTES = HASH_BITS / 8;

/** Hashes names for the samples of distinct users and conversations. Nobody can choose names that share a hash. */
export class NameHash {
  private readonly known = new LRUCache<string, number>({ max: KNOWN_MAX });

  of(name: string): number {
    const present = this.known.get(name);
    if (present !== undefined) return present;
    const value = hash('sha256', name, 'buffer').readUIntBE(0, HASH_BYTES);
    this.known.set(name, value);
    return value;
  }
}
