import { COUNT, SAMPLE_SIZE, mergeFigures, type Figures, type Stream, type WindowSize } from '@wiber/contracts';
import { batchOf } from '../connection/reply.batch.ts';
import { wholeIn } from '../connection/stored.number.ts';
import type { ReadLimits, StoreReads } from '../connection/store.reads.ts';
import type { ProgressDocument } from './progress.schema.ts';
import { FigureRows } from './figure.rows.ts';
import { readableFigures } from './readable.figures.ts';
import { progressOf, type Progress } from './topic.progress.ts';
import { WindowFinder } from './window.finder.ts';
import { PARTS, type WindowPart } from './window.parts.ts';
import type { WindowDocument } from './window.schema.ts';
import { WindowViews, versionOf, type WindowVersion, type WindowView } from './window.views.ts';

export interface WindowsQuery {
  topic: string;
  stream: Stream;
  size: WindowSize;
  part: WindowPart;
  /** Integer milliseconds: the starts of the first window and of the one after the last. */
  from: number;
  to: number;
}

interface MergedWindow {
  start: number;
  version: WindowVersion;
  figures: Figures;
}

/** Parts that are one number: MongoDB adds it up. */
const SUMMED: Partial<Record<WindowPart, string>> = { records: COUNT.records, bytes: COUNT.bytes };

/**
 * The figures as clients ask for them: of all partitions together. An answer may take several reads, each with the time that
 * `limits` tells when it begins.
 */
export class StatsReader {
  private readonly reads: StoreReads;
  private readonly progressName: string;
  private readonly rows: FigureRows;
  private readonly finder: WindowFinder;
  private readonly views = new WindowViews();

  constructor(reads: StoreReads, names: { windows: string; progress: string }, rows = new FigureRows(reads)) {
    this.reads = reads;
    this.progressName = names.progress;
    this.rows = rows;
    this.finder = new WindowFinder(rows, names.windows);
  }

  /** How far the topic is counted; undefined while no leader has written. @throws StoreUnavailableError, StoreBehindError */
  async progress(topic: string, limits: ReadLimits): Promise<Progress | undefined> {
    const find = { find: this.progressName, filter: { _id: topic }, limit: 1, singleBatch: true };
    const [document] = batchOf<ProgressDocument>(await this.reads.runNewest(find, limits));
    return document && progressOf(document);
  }

  /**
   * What a view shows of windows, by their start. A window without any record is absent. Windows that have not changed
   * since they were shown are not read again.
   * @throws StoreUnavailableError, StoreBehindError
   */
  async shown<T>(query: WindowsQuery, view: WindowView<T>, limits: ReadLimits): Promise<Map<number, T>> {
    const summed = SUMMED[query.part];
    if (summed !== undefined) return this.sums(query, { field: summed, view }, limits);
    const windowOf = (start: number) => [query.topic, query.stream, query.size, query.part, view.name, start].join(' ');
    const shown = new Map<number, T>();
    const changed: number[] = [];
    for (const [start, version] of await this.versions(query, limits)) {
      const kept = this.views.get<T>(windowOf(start), version);
      if (kept) shown.set(start, kept.shown);
      else changed.push(start);
    }
    if (changed.length === 0) return shown;
    const range = { ...query, from: changed[0]!, to: changed.at(-1)! + 1 };
    for await (const { start, version, figures } of this.merged(range, limits)) {
      const value = view.of(figures);
      // Kept at once: when time is up, the next query goes on from here.
      this.views.set(windowOf(start), version, value);
      shown.set(start, value);
    }
    return shown;
  }

  /**
   * The figures of windows, by their start. A window without any record is absent.
   * @throws StoreUnavailableError, StoreBehindError
   */
  async windows(query: WindowsQuery, limits: ReadLimits): Promise<Map<number, Figures>> {
    const found = new Map<number, Figures>();
    for await (const { start, figures } of this.merged(query, limits)) found.set(start, figures);
    return found;
  }

  /** The counts of all time, by partition. @throws StoreUnavailableError, StoreBehindError */
  async totals(topic: string, stream: Stream, limits: ReadLimits): Promise<Map<number, Figures>> {
    const range = { topic, stream, span: 'total', from: 0, to: 1 } as const;
    const totals = new Map<number, Figures>();
    for await (const portion of this.finder.find(range, 'counts', limits))
      for (const document of portion) totals.set(document._id.partition, readableFigures(document));
    return totals;
  }

  /** Calls a piece of work on figures that returns at once. All such work has one share of the time of the process. */
  work<T>(piece: () => T): Promise<T> {
    return this.rows.work.run(piece);
  }

  private async versions(query: WindowsQuery, limits: ReadLimits): Promise<Map<number, WindowVersion>> {
    const sums = { upTo: { $sum: '$upTo' }, documents: { $sum: 1 } };
    const most = PARTS[query.part].documents + 1;
    const rows = await this.finder.group<{ upTo: number; documents: number }>(rangeOf(query), { sums, most }, limits);
    return new Map(rows.map(({ _id, ...row }) => [_id, versionOf(row)]));
  }

  private async sums<T>(
    query: WindowsQuery,
    { field, view }: { field: string; view: WindowView<T> },
    limits: ReadLimits,
  ): Promise<Map<number, T>> {
    const sums = { sum: { $sum: wholeIn(`$counts.${field}`) } };
    const most = PARTS[query.part].documents + 1;
    const rows = await this.finder.group<{ sum: unknown }>(rangeOf(query), { sums, most }, limits);
    return new Map(
      rows.map(({ _id, sum }) => [_id, view.of(readableFigures({ counts: { [field]: sum }, samples: {} }))]),
    );
  }

  /** One window after the other, each once all of its documents are there. */
  private async *merged(query: WindowsQuery, limits: ReadLimits): AsyncGenerator<MergedWindow> {
    let window: WindowDocument[] = [];
    const merge = (documents: WindowDocument[]) => this.work(() => mergedOf(documents, query.size));
    for await (const portion of this.finder.find(rangeOf(query), query.part, limits)) {
      for (const document of portion) {
        if (window.length > 0 && window[0]!._id.start !== document._id.start) {
          yield await merge(window);
          window = [];
        }
        window.push(document);
      }
    }
    if (window.length > 0) yield await merge(window);
  }
}

const rangeOf = ({ topic, stream, size, from, to }: WindowsQuery) => ({ topic, stream, span: size, from, to });

const mergedOf = (documents: readonly WindowDocument[], size: WindowSize): MergedWindow => {
  // As MongoDB adds up: what is no number counts nothing.
  const upTo = documents.reduce((sum, document) => sum + (typeof document.upTo === 'number' ? document.upTo : 0), 0);
  return {
    start: documents[0]!._id.start,
    version: versionOf({ upTo, documents: documents.length }),
    figures: mergeFigures(documents.map(readableFigures), SAMPLE_SIZE[size]),
  };
};
