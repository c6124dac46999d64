import {
  type BatchedN1QLRequest,
  type BatchedSearchRequest,
  type BatchedView,
  DesignDocuments,
  type HandlerClass,
  type N1QLHandlerClass,
  type N1QLQuery,
  N1QLRequest,
  type N1QLRequestOptions,
  n1qlQueryAll,
  n1qlQueryEx,
  type OptionsOf,
  queryAll,
  queryEx,
  type SearchOptions,
  type SearchQuery,
  type SearchRow,
  searchQueryAll,
  searchQueryEx,
  View,
  type ViewOptions,
  type ViewRow,
} from '@cb/views';
import { Collection } from './collection.js';

/** The queries of a bucket: views, SQL++ statements, searches. They are those of `@cb/views`, on this bucket. */
export abstract class BucketQueries extends Collection {
  #designs: DesignDocuments | undefined = undefined;

  /** The design documents: list, get, upsert, publish, remove, wait until indexed. */
  get designDocuments(): DesignDocuments {
    this.#designs ??= new DesignDocuments(this.raw);
    return this.#designs;
  }

  /**
   * The rows of a view, to be read in a loop as they arrive:
   *
   *   for await (const { key, docid } of bucket.query('beer', 'brewery_beers', { limit: 5 })) console.log(key, docid);
   *
   * The query is sent when the first row is asked for. Who reads slowly makes the server wait; who leaves the loop ends
   * the query.
   * @throws ArgumentError for options that cannot be.
   */
  query<Row = ViewRow>(design: string, view: string, options?: ViewOptions<Row>): View<Row> {
    return new View<Row>(this.raw, design, view, options);
  }

  /**
   * All rows of a view. The Promise settles when the metadata is there too: `indexedRows` and `errors` can be read at
   * once. Rejects with `ViewNotFoundError`, with `ViewEngineError` when a node could not give its rows (unless `onError`
   * is `continue`: then `errors` tells), and `TimeoutError`.
   */
  queryAll<Row = ViewRow>(design: string, view: string, options?: ViewOptions<Row>): Promise<BatchedView<Row>> {
    return queryAll(this.raw, design, view, options);
  }

  /**
   * Sends a query whose rows go to a handler as they arrive on the network. It takes the handler's class, a subclass of
   * `AsyncViewBase` and not an instance, and returns the instance that it makes, started. When connecting fails, the
   * handler hears of it.
   * @throws ArgumentError for a class that is none, and for what its constructor does not take.
   */
  queryEx<Class extends HandlerClass<string, string>>(
    viewClass: Class,
    design: string,
    view: string,
    options?: OptionsOf<Class>,
  ): InstanceType<Class> {
    return queryEx(this.raw, viewClass, design, view, options);
  }

  /** The rows of a SQL++ statement, to be read in a loop as they arrive. The embedded cluster has no query service. */
  n1qlQuery<Row = unknown>(query: N1QLQuery | string, options?: N1QLRequestOptions<Row>): N1QLRequest<Row> {
    return new N1QLRequest<Row>(this.raw, query, options);
  }

  /**
   * All rows of a SQL++ statement; the Promise settles when the metadata is there too. Rejects with `N1QLError`, and with
   * `FeatureNotAvailableError` where no node offers the query service: the embedded cluster has none.
   */
  n1qlQueryAll<Row = unknown>(
    query: N1QLQuery | string,
    options?: N1QLRequestOptions<Row>,
  ): Promise<BatchedN1QLRequest<Row>> {
    return n1qlQueryAll(this.raw, query, options);
  }

  /** Sends a statement whose rows go to a handler, of which it takes the class: a subclass of `AsyncN1QLRequest`. */
  n1qlQueryEx<Class extends N1QLHandlerClass>(
    requestClass: Class,
    query: N1QLQuery | string,
    options?: ConstructorParameters<Class>[2],
  ): InstanceType<Class> {
    return n1qlQueryEx(this.raw, requestClass, query, options);
  }

  /**
   * All hits of a search. Rejects with `SearchError`, and with `FeatureNotAvailableError` where no node offers the search
   * service: the embedded cluster has none.
   * @experimental It needs `enableExperimental()`.
   */
  searchQueryAll<Row = SearchRow>(
    index: string,
    query: SearchQuery,
    options?: SearchOptions,
  ): Promise<BatchedSearchRequest<Row>> {
    return searchQueryAll(this.raw, index, query, options);
  }

  /**
   * Sends a search whose hits go to a handler, of which it takes the class: a subclass of `AsyncSearchRequest`.
   * @experimental It needs `enableExperimental()`.
   */
  searchQueryEx<Class extends HandlerClass<string, SearchQuery>>(
    requestClass: Class,
    index: string,
    query: SearchQuery,
    options?: OptionsOf<Class>,
  ): InstanceType<Class> {
    return searchQueryEx(this.raw, requestClass, index, query, options);
  }
}
