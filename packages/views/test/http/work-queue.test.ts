import { WorkQueue } from '../../src/http/work-queue.js';

/** Work that ends when it is told to. */
class Work {
  begun = false;
  #end: () => void = () => {};
  readonly run = (): Promise<string> => {
    this.begun = true;
    return new Promise((resolve) => {
      this.#end = () => resolve('done');
    });
  };

  async end(): Promise<void> {
    this.#end();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function works(count: number): Work[] {
  return Array.from({ length: count }, () => new Work());
}

function begun(all: readonly Work[]): number[] {
  return [...all.keys()].filter((index) => all[index]!.begun);
}

test('so many go on at a time, and the next begins when one has ended', async () => {
  const queue = new WorkQueue(2);
  const all = works(4);
  const results = all.map(({ run }) => queue.add(run));
  expect(begun(all)).toEqual([0, 1]);
  await all[1]!.end();
  expect(begun(all)).toEqual([0, 1, 2]);
  for (const work of all) await work.end();
  expect(await Promise.all(results)).toEqual(['done', 'done', 'done', 'done']);
});

test('a greater priority goes first, and among equals what came first', async () => {
  const queue = new WorkQueue(1);
  const order: number[] = [];
  const priorities = [0, 1, 5, 1, -1, 5];
  const results = priorities.map((priority, index) =>
    queue.add(
      async () => {
        order.push(index);
      },
      { priority },
    ),
  );
  await Promise.all(results);
  expect(order).toEqual([0, 2, 5, 1, 3, 4]);
});

test('work that fails, or throws, gives its place to the next', async () => {
  const queue = new WorkQueue(1);
  const fails = queue.add(() => Promise.reject(new Error('failed')));
  const next = queue.add(() => Promise.resolve('went on'));
  await expect(fails).rejects.toThrow('failed');
  expect(await next).toBe('went on');
});

test('what is aborted rejects with the reason: before it begins without being run, and after at once', async () => {
  const queue = new WorkQueue(1);
  const [first, second, third] = works(3) as [Work, Work, Work];
  const aborts = [new AbortController(), new AbortController()] as const;
  const results = [
    queue.add(first.run, { signal: aborts[0].signal }),
    queue.add(second.run, { signal: aborts[1].signal }),
    queue.add(third.run),
  ];
  aborts[1].abort(new Error('not wanted'));
  await expect(results[1]).rejects.toThrow('not wanted');
  aborts[0].abort(new Error('nor that'));
  await expect(results[0]).rejects.toThrow('nor that');
  expect(third.begun).toBe(false);
  await first.end();
  expect([second.begun, third.begun]).toEqual([false, true]);
  await expect(queue.add(second.run, { signal: AbortSignal.abort(new Error('never')) })).rejects.toThrow('never');
  expect(second.begun).toBe(false);
});

test('what waits can be forgotten', async () => {
  const queue = new WorkQueue(1);
  const all = works(3);
  for (const { run } of all) void queue.add(run);
  queue.clear();
  await all[0]!.end();
  expect(begun(all)).toEqual([0]);
});
