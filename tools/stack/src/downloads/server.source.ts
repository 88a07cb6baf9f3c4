import type { DockerImage } from './docker.engine.ts';

/** A program on this machine (for Kafka, the folder of its jars), or an image of a Docker engine. */
export type ServerSource = { type: 'program'; path: string } | ({ type: 'image' } & DockerImage);

/** Thrown when this machine can't run the server as a program; the message says why. A Docker engine is tried next. */
export class NotHereError extends Error {
  override readonly name = 'NotHereError';
}

export const programAt = (path: string): ServerSource => ({ type: 'program', path });

export const printStatus = (line: string): void => void process.stderr.write(`wiber: ${line}\n`);
