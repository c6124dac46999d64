import * as promise from '@cb/promise';
import * as raw from '@cb/raw';
import { readText } from './repository.js';

const guide = readText('docs/guides/from-python.md');

/** The rows of the tables: what is written in code in each cell. */
const rows = [...guide.matchAll(/^\| (`.*?) \| (.*?) \| .*\|$|^\| (`.*?) \| (.*?) \| \|$/gm)].map((match) =>
  [match[1] ?? match[3] ?? '', match[2] ?? match[4] ?? ''].map((cell) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code),
  ),
);

const here = [...new Set(rows.flatMap(([, found = []]) => found))];

function methodsOf(prototype: object): Set<string> {
  const names = new Set<string>();
  for (let level = prototype; level !== Object.prototype; level = Object.getPrototypeOf(level)) {
    for (const name of Object.getOwnPropertyNames(level)) names.add(name);
  }
  return names;
}

const onBucket = methodsOf(promise.Bucket.prototype);
const onRaw = methodsOf(raw.RawBucket.prototype);

test('the tables are read', () => {
  expect(rows.length).toBeGreaterThan(50);
});

test.each(here.filter((name) => /^(bucket|raw)\.\w+$/.test(name)))('%s is there', (name) => {
  const [owner, member = ''] = name.split('.');
  expect((owner === 'bucket' ? onBucket : onRaw).has(member)).toBe(true);
});

test.each(here.filter((name) => /^[A-Z]\w+$/.test(name)))('%s can be imported', (name) => {
  const types = `${readText('packages/promise/src/index.ts')}\n${readText('packages/raw/src/index.ts')}`;
  expect(types).toMatch(new RegExp(`\\b${name}\\b`));
});

/** What the documents of the Python SDK that a newcomer has read call things. */
const there = (
  'Connection TxAsyncConnection AsyncResult AsyncViewBase Async callback errback connect addCallback addErrback Deferred ' +
  '_close set add delete get incr decr quiet getMulti get_multi queryAll queryEx query itercls on_rows on_error on_done ' +
  'start indexed_rows include_docs RowProcessor View ViewRow Query UNSPEC IOPS Event IOEvent TimerEvent ready ready_r ' +
  'ready_w ready_rw fileno update_event update_timer start_watching stop_watching io_event_factory timer_event_factory ' +
  'PYCBC_EVACTION_WATCH PYCBC_EVACTION_UNWATCH PYCBC_EVACTION_CLEANUP LCB_READ_EVENT LCB_WRITE_EVENT LCB_RW_EVENT ' +
  'enable_experimental MultiResult Result ValueResult OperationResult registerDeferred defer n1qlQueryAll searchQueryEx ' +
  'observe endure rget stats lock unlock touch upsert insert replace append prepend counter lookup_in mutate_in pipeline'
).split(' ');

test.each(there)('%s is found', (name) => {
  const cells = [...guide.matchAll(/^\| (.*?) \|/gm)].map(([, cell = '']) => cell).join('\n');
  expect(`${cells}\n${guide}`).toMatch(new RegExp(`(^|[^\\w])${name}([^\\w]|$)`, 'm'));
});
