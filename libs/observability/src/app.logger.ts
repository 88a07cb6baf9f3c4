import { pino, type Logger } from 'pino';

export type WiberLogger = Logger;

/** One JSON line an event on stdout. Errors are written with their causes. */
export const createLogger = (app: string, instance: string, level: string): Logger =>
  pino({ level, base: { app, instance, pid: process.pid }, serializers: { error: pino.stdSerializers.errWithCause } });
