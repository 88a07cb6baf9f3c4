import { Store } from '../state/value.store.ts';

/** The last sentence for people who listen to the page. */
export const announcement = new Store('');

/** Reads a sentence aloud when the reader is free. A new one replaces one that was not read yet. */
export const announce = (text: string): void => announcement.set(text);
