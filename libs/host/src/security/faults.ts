/** Collects what is wrong with several settings, so that one line names all of it. */
export class Faults {
  private readonly sentences: string[] = [];

  add(sentence: string): void {
    this.sentences.push(sentence);
  }

  /** Runs a check of a file; what it throws completes "VARIABLE: the file PATH …". Undefined when it threw. */
  ofFile<T>(variable: string, path: string, check: () => T): T | undefined {
    try {
      return check();
    } catch (error) {
      this.add(`${variable}: the file ${path} ${(error as Error).message}`);
      return undefined;
    }
  }

  get line(): string | undefined {
    return this.sentences.length === 0 ? undefined : this.sentences.join('. ');
  }
}
