/** The last `capacity` numbers, oldest first. A number that is not known is NaN. */
export class NumberRing {
  private readonly values: Float64Array;
  private next = 0;
  private count = 0;

  constructor(capacity: number) {
    this.values = new Float64Array(capacity);
  }

  get length(): number {
    return this.count;
  }

  push(value: number | undefined): void {
    this.values[this.next] = value ?? Number.NaN;
    this.next = (this.next + 1) % this.values.length;
    this.count = Math.min(this.count + 1, this.values.length);
  }

  toArray(): (number | null)[] {
    const start = this.count < this.values.length ? 0 : this.next;
    return Array.from({ length: this.count }, (_, index) => {
      const value = this.values[(start + index) % this.values.length] ?? Number.NaN;
      return Number.isNaN(value) ? null : value;
    });
  }
}
