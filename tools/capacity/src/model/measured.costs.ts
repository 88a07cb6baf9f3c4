/** A number of the bench, and the file and figure that have it. */
export interface Measurement {
  name: string;
  value: number;
  unit: string;
  source: string;
}

/** What one call costs mongod: in its cache, and for each page that it must read from the disk. */
export interface MongodCost {
  /** Processor seconds for 1,000 calls on a small store, which its cache holds. */
  warm: Measurement;
  /** The same on the largest store that was measured. */
  measured: Measurement;
  /** Pages that one call read from the disk there. */
  pagesRead: Measurement;
}

/** What the bench has measured. Costs are processor seconds for 1,000 calls; sizes are bytes for a message, on disk. */
export interface MeasuredCosts {
  gateway: Record<'post' | 'postKeyed' | 'userPage' | 'conversationPage', Measurement>;
  ingest: Measurement;
  metrics: Measurement;
  broker: Measurement;
  mongod: Record<'store' | 'storeKeyed' | 'userPage' | 'conversationPage' | 'byId', MongodCost>;
  bytes: Record<'data' | 'byPlace' | 'once' | 'onceKeyed' | 'byTime' | 'byLamport' | 'byLog', Measurement>;
  /** Bytes of a page as JSON. */
  pageBytes: Measurement;
  /** Indexes and activity of the largest store that was measured, as a multiple of the cache. */
  cacheRatio: Measurement;
}
