import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { AlreadyQueriedError, CancelledError, ViewEngineError } from '@cb/protocol';
import { query, type ViewRow } from '@cb/views';
import { json, ServiceBed, viewRows } from './service-bed.js';

/** A bed that sends rows as long as somebody takes them, and counts them. */
async function endlessBed(): Promise<ServiceBed & { readonly sent: () => number; readonly ended: Promise<unknown> }> {
  let sent = 0;
  let onEnd: () => void;
  const ended = new Promise<void>((resolve) => {
    onEnd = resolve;
  });
  const value = 'x'.repeat(1000);
  const bed = await ServiceBed.start({
    script: async (response) => {
      response.on('close', () => onEnd());
      response.write('{"total_rows":1000000,"rows":[');
      while (!response.destroyed) {
        const row = JSON.stringify({ id: `document-${sent}`, key: sent, value });
        if (!response.write(`${sent++ === 0 ? '' : ','}${row}`))
          await Promise.race([once(response, 'drain'), pause(1000)]);
      }
    },
  });
  return Object.assign(bed, { sent: () => sent, ended });
}

/** Waits until the count stands still. */
async function settled(count: () => number): Promise<number> {
  let before = -1;
  while (before !== count()) {
    before = count();
    await pause(300);
  }
  return before;
}

test('a loop has every row, once and in order', async () => {
  const rows = viewRows(5000);
  await using bed = await ServiceBed.start({ script: (response) => json(response, { total_rows: 5000, rows }) });
  const view = query(bed.bucket, 'd', 'v');
  await pause(30);
  expect(bed.requests).toEqual([]);
  const read: ViewRow[] = [];
  for await (const row of view) read.push(row);
  expect(read.map(({ key }) => key)).toEqual(rows.map(({ key }) => key));
  expect(view).toMatchObject({ indexedRows: 5000, rowsReturned: 5000, errors: [] });
});

test('batches are as they came', async () => {
  await using bed = await ServiceBed.start({ script: (response) => json(response, { rows: viewRows(5000) }) });
  const sizes: number[] = [];
  for await (const batch of query(bed.bucket, 'd', 'v', { rowsPerCall: 300 }).batches()) sizes.push(batch.length);
  expect(sizes.reduce((sum, size) => sum + size)).toBe(5000);
  expect(Math.max(...sizes)).toBe(300);
});

test('without rows the loop has no rounds', async () => {
  await using bed = await ServiceBed.start({ script: (response) => json(response, { total_rows: 3, rows: [] }) });
  const view = query(bed.bucket, 'd', 'v', { limit: 0 });
  for await (const row of view) throw new Error(`there is ${row}`);
  expect(view.indexedRows).toBe(3);
});

test('a reader that asks ahead gets the rows in order, and the end as often as asked for', async () => {
  await using bed = await ServiceBed.start({ script: (response) => json(response, { rows: viewRows(3) }) });
  const rows = query(bed.bucket, 'd', 'v')[Symbol.asyncIterator]();
  const results = await Promise.all(Array.from({ length: 5 }, () => rows.next()));
  expect(results.map(({ value, done }) => (done === true ? 'end' : value.key))).toEqual([0, 1, 2, 'end', 'end']);
  await expect(rows.next()).resolves.toEqual({ value: undefined, done: true });
});

test('rows can be read once', async () => {
  await using bed = await ServiceBed.start({ script: (response) => json(response, { rows: viewRows(3) }) });
  const view = query(bed.bucket, 'd', 'v');
  for await (const _row of view);
  expect(() => view[Symbol.asyncIterator]()).toThrow(AlreadyQueriedError);
  expect(() => view.batches()).toThrow(AlreadyQueriedError);
});

test('a slow reader makes the server wait', async () => {
  await using bed = await endlessBed();
  const rows = query(bed.bucket, 'd', 'v')[Symbol.asyncIterator]();
  await rows.next();
  const sent = await settled(bed.sent);
  // What the sockets of both sides hold, and little more.
  expect(sent).toBeLessThan(20_000);
  for (let count = 0; count < 3 * sent; count++) await rows.next();
  expect(bed.sent()).toBeGreaterThan(3 * sent);
  await rows.return?.();
  await bed.ended;
});

test('leaving the loop ends the query', async () => {
  await using bed = await endlessBed();
  let read = 0;
  const view = query(bed.bucket, 'd', 'v');
  for await (const _row of view) if (++read === 10) break;
  await bed.ended;
  expect(view.raw).toMatchObject({ done: true, value: undefined });
  const sent = await settled(bed.sent);
  expect(sent).toBe(await settled(bed.sent));
});

test('leaving before the first row sends nothing', async () => {
  await using bed = await endlessBed();
  const rows = query(bed.bucket, 'd', 'v').batches();
  await expect(rows.return?.()).resolves.toEqual({ value: undefined, done: true });
  await expect(rows.next()).resolves.toEqual({ value: undefined, done: true });
  expect(bed.requests).toEqual([]);
});

test('an error thrown in the loop is that error, and ends the query', async () => {
  await using bed = await endlessBed();
  const loop = async (): Promise<void> => {
    for await (const row of query(bed.bucket, 'd', 'v')) throw new RangeError(`no ${row.key}`);
  };
  await expect(loop()).rejects.toThrow(new RangeError('no 0'));
  await bed.ended;
});

test('a signal ends the loop with its reason', async () => {
  await using bed = await endlessBed();
  const controller = new AbortController();
  let read = 0;
  const loop = async (): Promise<void> => {
    for await (const _row of query(bed.bucket, 'd', 'v', { signal: controller.signal })) {
      if (++read === 5000) controller.abort('enough');
    }
  };
  const error: unknown = await loop().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(CancelledError);
  expect(error).toMatchObject({ cause: 'enough' });
  await bed.ended;
});

test('a failure is thrown after the rows before it', async () => {
  await using bed = await ServiceBed.start({
    script: (response) => json(response, { rows: viewRows(3), errors: [{ from: 'n', reason: 'down' }] }),
  });
  const read: unknown[] = [];
  const loop = async (): Promise<void> => {
    for await (const { key } of query(bed.bucket, 'd', 'v')) read.push(key);
  };
  await expect(loop()).rejects.toThrow(ViewEngineError);
  expect(read).toEqual([0, 1, 2]);
});

test('a deadline does not run while the reader holds the rows back', async () => {
  await using bed = await ServiceBed.start({
    script: async (response) => {
      response.write('{"rows":[');
      for (const [index, row] of viewRows(20_000).entries()) {
        const text = JSON.stringify({ ...row, value: 'x'.repeat(500) });
        if (!response.write(`${index === 0 ? '' : ','}${text}`)) await once(response, 'drain');
      }
      response.end(']}');
    },
  });
  let read = 0;
  for await (const batch of query(bed.bucket, 'd', 'v', { timeout: 1500 }).batches()) {
    read += batch.length;
    if (read < 5000) await pause(250);
  }
  expect(read).toBe(20_000);
});

test.each(['rows', 'batches'] as const)(
  '%s that were left are at their end, and so are those that failed',
  async (how) => {
    await using bed = await ServiceBed.start({
      script: (response) => json(response, { total_rows: 9, rows: viewRows(9) }),
    });
    const left = query(bed.bucket, 'd', 'v');
    const rows: AsyncIterator<unknown> = how === 'rows' ? left[Symbol.asyncIterator]() : left.batches();
    expect((await rows.next()).done).toBe(false);
    expect(await rows.return?.()).toEqual({ value: undefined, done: true });
    expect(await rows.next()).toEqual({ value: undefined, done: true });
    expect(await rows.next()).toEqual({ value: undefined, done: true });

    const failing = query(bed.bucket, 'd', 'v', { signal: AbortSignal.abort() });
    const none: AsyncIterator<unknown> = how === 'rows' ? failing[Symbol.asyncIterator]() : failing.batches();
    await expect(none.next()).rejects.toThrow(CancelledError);
    expect(await none.next()).toEqual({ value: undefined, done: true });
  },
);

test('a loop that was begun is waited for by close', async () => {
  await using bed = await ServiceBed.start({
    script: (response) => json(response, { total_rows: 9, rows: viewRows(9) }),
  });
  await new Promise((resolve) => bed.bucket.connect().setCallbacks(resolve, resolve));
  const rows = query(bed.bucket, 'd', 'v')[Symbol.asyncIterator]();
  const first = rows.next();
  const closed = new Promise((resolve) => bed.bucket.close().setCallbacks(resolve, resolve));
  expect((await first).done).toBe(false);
  let count = 1;
  while (!(await rows.next()).done) count++;
  expect(count).toBe(9);
  await closed;
});
