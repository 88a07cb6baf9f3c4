export interface StoreSettings {
  uri: string;
  database: string;
  collection: string;
  /** How long a write or read may look for a usable server, in milliseconds. */
  serverSelectionMs: number;
  /** How long a server may take for one answer before its connection is given up, in milliseconds; default 20 s. */
  answerMs?: number;
  appName: string;
}
