/** A time that ends by itself or at once, when somebody calls `end`. */
export class Drain {
  private readonly ended = Promise.withResolvers<void>();

  /** Resolves after `ms` milliseconds, or once `end` was called. */
  async last(ms: number): Promise<void> {
    const timer = setTimeout(() => this.ended.resolve(), ms);
    await this.ended.promise;
    clearTimeout(timer);
  }

  end(): void {
    this.ended.resolve();
  }
}
