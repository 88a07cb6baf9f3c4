/**
 * How many random schedules a model test runs: `usual`, or the number in WIBER_TEST_SCHEDULES.
 * @throws Error when the variable is no whole number over 0
 */
export const scheduleCount = (usual: number): number => {
  const { WIBER_TEST_SCHEDULES: text } = process.env;
  if (!text) return usual;
  if (!/^[1-9]\d{0,6}$/.test(text))
    throw new Error(`WIBER_TEST_SCHEDULES is '${text}'; it takes a number from 1 to 9999999`);
  return Number(text);
};
