import type { ProcessKind } from './process.kind.ts';

/** A fault of a run, for the report. */
export interface FaultRecord {
  fault: string;
  target: string;
  /** The process that was hit, by its id at that time. Undefined when the fault hit no single process. */
  pid?: number;
  /** Kinds of which one process was down meanwhile: the target. */
  takesDown?: ProcessKind[];
  /** The partitions that the broker led when it was hit. Undefined when no broker was hit, or none told in time. */
  led?: number[] | undefined;
  /** Whether the broker that was hit was the active controller of the cluster. Undefined when no broker was hit. */
  wasController?: boolean;
  /** The log lines that prove that the fault happened. */
  evidence?: string;
  /** Milliseconds of the workload's clock. */
  from: number;
  to: number;
}
