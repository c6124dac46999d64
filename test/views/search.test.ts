import { ArgumentError, type CouchbaseError, FeatureNotAvailableError, MutationToken, SearchError } from '@cb/protocol';
import { enableExperimental } from '@cb/raw';
import { AsyncSearchRequest, MutationState, type SearchRow, searchQueryAll, searchQueryEx } from '@cb/views';
import { json, ServiceBed } from './service-bed.js';

/** The answer of the search service's REST reference, "Searching with the REST API", shortened. */
const success = {
  status: { total: 6, failed: 0, successful: 6 },
  request: { query: { query: 'view' }, size: 2, from: 0 },
  hits: [
    { index: 'hotels_3e5a', id: 'hotel_21723', score: 0.18, sort: ['_score'], fields: { name: 'A' } },
    { index: 'hotels_18b0', id: 'hotel_21668', score: 0.17, sort: ['_score'] },
  ],
  total_hits: 120,
  max_score: 0.18,
  took: 3_456_789,
  facets: { type: { field: 'type', total: 120, missing: 0, other: 0 } },
};
const partial = {
  ...success,
  status: { total: 6, failed: 1, successful: 5, errors: { hotels_3e5a: 'context deadline exceeded' } },
};

test('searching needs experimental features to be enabled', async () => {
  await using bed = await ServiceBed.start({ script: (response) => json(response, success) });
  await expect(searchQueryAll(bed.bucket, 'hotels', 'view')).rejects.toThrow(FeatureNotAvailableError);
  await expect(searchQueryAll(bed.bucket, 'hotels', 'view')).rejects.toThrow(
    'search is experimental: call enableExperimental() before you use it',
  );
  expect(bed.requests).toEqual([]);
});

describe('enabled', () => {
  beforeAll(() => enableExperimental());

  test('all hits, with what is known about them', async () => {
    await using bed = await ServiceBed.start({ script: (response) => json(response, success) });
    const hits = await searchQueryAll(bed.bucket, 'hotels/é', 'view');
    expect([...hits]).toEqual(success.hits);
    expect(hits).toMatchObject({ totalHits: 120, maxScore: 0.18, took: 3_456_789, facets: success.facets, errors: {} });
    expect(bed.requests).toMatchObject([{ method: 'POST', url: '/api/index/hotels%2F%C3%A9/query' }]);
    expect(JSON.parse(bed.requests[0]!.body)).toEqual({
      indexName: 'hotels/é',
      query: { query: 'view' },
      ctl: { timeout: 75_000 },
    });
  });

  test('every option, by the name of the service', async () => {
    await using bed = await ServiceBed.start({ script: (response) => json(response, success) });
    await searchQueryAll(
      bed.bucket,
      'hotels',
      { match: 'view', field: 'reviews' },
      {
        limit: 2,
        skip: 1,
        explain: true,
        fields: ['*'],
        highlight: { style: 'html', fields: ['name'] },
        facets: { type: { field: 'type', size: 3 } },
        sort: ['-_score'],
        consistentWith: new MutationState(new MutationToken('default', 3, 7n, 9n)),
        raw: { score: 'none' },
        timeout: 1000,
      },
    );
    expect(JSON.parse(bed.requests[0]!.body)).toEqual({
      indexName: 'hotels',
      query: { match: 'view', field: 'reviews' },
      size: 2,
      from: 1,
      explain: true,
      fields: ['*'],
      highlight: { style: 'html', fields: ['name'] },
      facets: { type: { field: 'type', size: 3 } },
      sort: ['-_score'],
      score: 'none',
      ctl: { timeout: 1000, consistency: { level: 'at_plus', vectors: { hotels: { '3/7': 9 } } } },
    });
  });

  test('parts of an index that fail are an error, unless the others are good enough', async () => {
    await using bed = await ServiceBed.start({ script: (response) => json(response, partial) });
    await expect(searchQueryAll(bed.bucket, 'hotels', 'view')).rejects.toThrow(
      'search in hotels failed at hotels_3e5a: context deadline exceeded',
    );
    const hits = await searchQueryAll(bed.bucket, 'hotels', 'view', { onError: 'continue' });
    expect([hits.length, hits.errors]).toEqual([2, partial.status.errors]);
  });

  test('a search that is refused', async () => {
    const refusal = { error: 'rest_index: Query, indexName: hotels, err: bleve: no such index', status: 'fail' };
    await using bed = await ServiceBed.start({ script: (response) => json(response, refusal, 400) });
    const error: unknown = await searchQueryAll(bed.bucket, 'hotels', 'view').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SearchError);
    expect(error).toMatchObject({ status: 400, context: refusal.error, operation: 'search in hotels' });
  });

  test('hits come to a handler', async () => {
    await using bed = await ServiceBed.start({ script: (response) => json(response, success) });
    const calls: unknown[] = [];
    await new Promise<void>((resolve) => {
      class Handler extends AsyncSearchRequest {
        onRows(rows: Iterable<SearchRow>): void {
          calls.push([...rows].map(({ id }) => id));
        }
        onError(error: CouchbaseError): void {
          calls.push(error);
        }
        onDone(): void {
          calls.push(this.totalHits);
          resolve();
        }
      }
      searchQueryEx(bed.bucket, Handler, 'hotels', 'view', { limit: 2 });
    });
    expect(calls).toEqual([['hotel_21723', 'hotel_21668'], 120]);
  });

  test.each<[string, unknown[]]>([
    ['index must be a string', ['', 'view']],
    ['query must be a string or an object', ['hotels', 7]],
    ['a search has no option "size"', ['hotels', 'view', { size: 1 }]],
    ['onError must be continue or stop', ['hotels', 'view', { onError: 'go' }]],
  ])('misuse: %s', async (message, args) => {
    await using bed = await ServiceBed.start({ script: () => {} });
    const rejected = searchQueryAll(bed.bucket, ...(args as [string, string]));
    await expect(rejected).rejects.toThrow(ArgumentError);
    await expect(rejected).rejects.toThrow(message);
  });
});
