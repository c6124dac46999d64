import { ArgumentError } from '@cb/protocol';
import type { OperationContext } from '../operation/context.js';
import { checkTimeout } from '../values/argument-checks.js';
import { checkFormat, checkTranscoder, defaultTranscoder, type Format, type Transcoder } from '../values/transcoder.js';
import { RawNodes } from './raw-nodes.js';

/** What the operations of a bucket go by unless they say otherwise. */
export abstract class RawDefaults extends RawNodes {
  protected context: OperationContext;

  constructor(context: OperationContext) {
    super();
    this.context = context;
  }

  /** Whether missing documents are results instead of errors, unless an operation says otherwise. Default false. */
  get quiet(): boolean {
    return this.context.quiet;
  }

  set quiet(quiet: boolean) {
    if (typeof quiet !== 'boolean') throw new ArgumentError('quiet must be true or false');
    this.context = { ...this.context, quiet };
  }

  /** How values are stored, unless an operation says otherwise. Default FMT_JSON. */
  get defaultFormat(): Format {
    return this.context.defaultFormat;
  }

  set defaultFormat(format: Format) {
    this.context = { ...this.context, defaultFormat: checkFormat(format) };
  }

  /** What turns values into bytes and back. Setting undefined brings the built-in one back. */
  get transcoder(): Transcoder {
    return this.context.transcoder;
  }

  set transcoder(transcoder: Transcoder | undefined) {
    this.context = { ...this.context, transcoder: checkTranscoder(transcoder ?? defaultTranscoder) };
  }

  /** Milliseconds until an operation fails with `TimeoutError`. Default 2,500. */
  get timeout(): number {
    return this.context.timeoutMs;
  }

  set timeout(timeout: number) {
    this.context = { ...this.context, timeoutMs: checkTimeout(timeout) };
  }
}
