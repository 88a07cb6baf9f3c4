import type { ClockOffsets } from '../faults/wrong.clocks.ts';

export interface ServerOptions {
  brokers: number;
  mongod: number;
  /** Free ports and a temporary folder, instead of the set ports and `.wiber`. */
  ephemeral: boolean;
  /** Each server gets a proxy whose connections can be cut and delayed. */
  links: boolean;
  /** The servers ask for TLS and a login. */
  secure: boolean;
  /** The names of the servers whose data folders are on small disks, which can be filled. */
  smallDisks: string[];
  /** Processes whose wall clocks are wrong. */
  clocks: ClockOffsets;
  /** The names of the servers whose wall clocks can be set while they run. */
  settableClocks: string[];
}
