import { query } from '../../../src/index.js';

async function resultOf(expression: string): Promise<unknown> {
  const run = query(`SELECT RAW ${expression}`);
  const [value] = await run.rows();
  return run.errors[0]?.reason ?? value;
}

describe('formats of dates', () => {
  test.each([
    ['codes of halves of the day print as they are written', `MILLIS_TO_UTC(0, "hh PP pp")`, '00 AM am'],
    ['codes of halves of the day are read in any case', `STR_TO_MILLIS("1970-01-01 AM", "YYYY-MM-DD pp")`, 0],
    ['a code of fractions alone is a format', `STR_TO_MILLIS("123", "s") IS NOT NULL`, true],
    ['a letter s in a word is not', `MILLIS_TO_UTC(0, "was")`, 'was'],
    ['%p is read in capitals', `STR_TO_MILLIS("am", "%p")`, null],
    ['%P is read in small letters', `STR_TO_MILLIS("AM", "%P")`, null],
    ['the hour 15 of the reference date takes one digit', `STR_TO_MILLIS("1970-01-01 6", "2006-01-02 15")`, 21_600_000],
  ])('%s', async (_what, expression, expected) => {
    expect(await resultOf(expression)).toEqual(expected);
  });
});

test.each([
  ['DATE_RANGE_MILLIS', 'DATE_RANGE_MILLIS(0, 1e10, "millisecond")'],
  ['DATE_RANGE_STR', 'DATE_RANGE_STR("2000-01-01", "2001-01-01", "millisecond", 2)'],
])('%s refuses a range of more than ten million dates', async (name, expression) => {
  expect(await resultOf(expression)).toMatchObject({ code: 5035, message: `Out of range evaluating ${name}().` });
});
