import { oncePerTurn } from '@wiber/resilience';

interface LookUp<K, V> {
  key: K;
  resolve: (value: V | undefined) => void;
  reject: (error: unknown) => void;
}

/** Looks up the keys that are asked for in one turn of the event loop with one call, or with one for each `max` keys. */
export class LookUpBatch<K, V> {
  private readonly load: (keys: K[]) => Promise<(key: K) => V | undefined>;
  private readonly max: number;
  private readonly schedule = oncePerTurn(() => this.flush());
  private collected: LookUp<K, V>[] = [];

  constructor(load: (keys: K[]) => Promise<(key: K) => V | undefined>, max: number) {
    this.load = load;
    this.max = max;
  }

  /** Rejects as the call rejects that its key is in. */
  find(key: K): Promise<V | undefined> {
    return new Promise((resolve, reject) => {
      this.collected.push({ key, resolve, reject });
      this.schedule();
    });
  }

  private flush(): void {
    const all = this.collected;
    this.collected = [];
    for (let at = 0; at < all.length; at += this.max) void this.answer(all.slice(at, at + this.max));
  }

  private async answer(lookUps: LookUp<K, V>[]): Promise<void> {
    try {
      const valueOf = await this.load(lookUps.map(({ key }) => key));
      for (const { key, resolve } of lookUps) resolve(valueOf(key));
    } catch (error) {
      for (const { reject } of lookUps) reject(error);
    }
  }
}
