export type LogLine = (level: 'error' | 'warn' | 'info' | 'debug', message: string, detail: object) => void;
