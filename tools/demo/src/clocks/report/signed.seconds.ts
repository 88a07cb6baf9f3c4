/** Seconds with a sign and so many digits behind the point, as in "−1,800.00 s"; what rounds to zero has no minus. */
export const signedSeconds = (seconds: number, digits: number): string => {
  const text = Math.abs(seconds).toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${seconds < 0 && /[1-9]/.test(text) ? '−' : '+'}${text} s`;
};
