/** An inline flag of RE2 that holds up to the end of its group, as in ^(?i)(abort|warn)$; JavaScript gives such a flag a group. */
const INLINE_FLAG = /^(\^?)\(\?i\)(.*)$/s;

/** A pattern of a CustomResourceDefinition, which is in the syntax of Go (RE2), as JavaScript has it. @throws SyntaxError */
export const goPattern = (pattern: string, flags: string): RegExp => {
  const [, start = '', rest = ''] = INLINE_FLAG.exec(pattern) ?? [];
  return new RegExp(rest === '' ? pattern : `${start}(?i:${rest})`, flags);
};
/** For code that ajv would write to a file; it writes none here. */
goPattern.code = 'goPattern';
