export interface StoreSettings {
  uri: string;
  database: string;
  collection: string;
  /** How long a write or read may look for a usable server, in milliseconds. */
  serverSelectionMs: number;
  appName: string;
}
