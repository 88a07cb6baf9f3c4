const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** What XML 1.0 (section 2.2) allows in no form: control characters, halves of surrogate pairs, U+FFFE and U+FFFF. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** Text for the content of an element or the value of an attribute. */
export const escapeXml = (text: string): string =>
  text.replaceAll(FORBIDDEN, '\u{FFFD}').replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);
