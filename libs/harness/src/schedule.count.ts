/**
 * How many random schedules a model test runs: `usual`, or the number in WIBER_TEST_SCHEDULES. A test also checks that every
 * kind of event has happened, which needs 100.
 * @throws Error when the variable is no whole number from 100 on
 */
export const scheduleCount = (usual: number): number => {
  const { WIBER_TEST_SCHEDULES: text } = process.env;
  if (!text) return usual;
  if (!/^[1-9]\d{2,6}$/.test(text))
    throw new Error(`WIBER_TEST_SCHEDULES is '${text}'; it takes a number from 100 to 9999999`);
  return Number(text);
};
