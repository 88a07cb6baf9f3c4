/** The version of Wiber. All its parts have one; a spec holds it to package.json. */
export const VERSION = '0.1.0';
