import { query } from '../../src/index.js';

async function errorsOf(statement: string, scoped = false): Promise<readonly string[]> {
  const context = { bucket: 'b', scope: 's' };
  const run = query(statement, { keyspaces: {}, ...(scoped && { context }) });
  await run.rows();
  return run.errors.map(({ code, msg }) => `${code} ${msg}`);
}

describe('statements that are read and not carried out', () => {
  test.each([
    ['COMMIT WORK', 'COMMIT'],
    ['ROLLBACK TRAN TO SAVEPOINT s', 'ROLLBACK'],
    ['SAVEPOINT s', 'SAVEPOINT'],
  ])('%s needs a transaction around it', async (statement, word) => {
    expect(await errorsOf(statement)).toEqual([`17002 ${word} statement is not supported outside the transaction`]);
  });

  test('a call behind EXECUTE is one of a function that is not there', async () => {
    expect(await errorsOf('EXECUTE other(1, 2)')).toEqual([
      '3000 Invalid function other (resolving to default:other) (near line 1, column 9)',
    ]);
  });

  test('a scope of no bucket has a faulty name, unless the request gives the bucket', async () => {
    const statement = 'CREATE SCOPE orders';
    expect(await errorsOf(statement)).toEqual([
      '3000 Scope resolves to default:orders - 3 path parts are expected (near line 1, column 14).',
    ]);
    expect((await errorsOf(statement, true))[0]).not.toContain('path parts');
  });

  test.each(['CREATE SEQUENCE', 'ALTER SEQUENCE', 'DROP SEQUENCE'])('%s needs a scope', async (head) => {
    const tail = head.startsWith('ALTER') ? ' RESTART' : '';
    const fault = `3000 Invalid sequence name (near line 1, column ${head.length + 2})`;
    expect(await errorsOf(`${head} numbers${tail}`)).toEqual([fault]);
    expect(await errorsOf(`${head} b.s.numbers${tail}`)).not.toContain(fault);
  });
});

describe('errors of window functions', () => {
  test('tell that they are of a window function, and why', async () => {
    expect(await errorsOf('SELECT NTILE(-1) OVER (ORDER BY x) FROM [1, 2] x')).toEqual([
      '5340 Error evaluating Window function. - cause: ntile Invalid argument: -1.',
    ]);
  });
});
