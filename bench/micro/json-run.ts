import { type Frame, FrameParser, FrameWriter, Magic, Opcode } from '@cb/protocol';
import { FMT_JSON } from '@cb/raw';
import { JsonRun } from '../../packages/raw/src/connection/json-run.js';
import { valueResult } from '../../packages/raw/src/operation/read.js';
import { defaultTranscoder as transcoder } from '../../packages/raw/src/values/transcoder.js';
import { type Beer, beerAt } from '../src/documents.js';
import type { MicroCase } from './micro-case.js';

type Owner = ConstructorParameters<typeof JsonRun>[0];
type Operation = Parameters<Owner['succeeded']>[0];
type Result = Parameters<Owner['succeeded']>[1];

const DOCUMENTS = 100;

/** Answers that lie side by side in a chunk, to their results: one by one as every answer is read, and by runs. */
export async function cases(): Promise<readonly MicroCase[]> {
  const spec = { name: 'get', result: valueResult };
  // What is looked at of an operation.
  const operation = { key: 'key', opcode: Opcode.Get, spec, transcoder, noFormat: false } as unknown as Operation;
  const texts = Array.from({ length: DOCUMENTS }, (_none, index) => JSON.stringify(beerAt(index)));
  const mixed = texts.map((text, index) => (index % 10 === 5 ? foreign(text) : text));
  return [
    ['1 KB, ASCII', texts] as const,
    ['1 KB, one of ten not ASCII', mixed] as const,
    ['1 KB, none ASCII', texts.map(foreign)] as const,
    ['7 bytes', texts.map(() => '{"a":1}')] as const,
  ].flatMap(([name, documents]) => [oneByOne(name, documents, operation), byRuns(name, documents, operation)]);
}

/** One character becomes one that does not fit into Latin-1, so that the whole text takes two bytes a character. */
function foreign(text: string): string {
  return text.replace(/...(?=[^"]{100}"\}$)/, '\u0142');
}

function answersTo(documents: readonly string[]): Buffer {
  const writer = new FrameWriter();
  documents.forEach((document, opaque) => {
    writer.begin(Magic.Response, Opcode.Get);
    writer.u32(FMT_JSON);
    writer.endExtras();
    writer.utf8(document);
    writer.end(0, 0, opaque, 0, 1);
  });
  return Buffer.from(writer.written);
}

const consumed = (result: Result): number => {
  const { value } = result as Result & { readonly value: Partial<Beer> & { readonly a?: number } };
  return value.serial ?? value.a ?? 0;
};

function oneByOne(name: string, documents: readonly string[], operation: Operation): MicroCase {
  const answers = answersTo(documents);
  const chunk = Buffer.from(answers);
  let sum = 0;
  const onFrame = (frame: Frame): void => {
    sum += consumed(valueResult(operation, frame));
  };
  const parser = new FrameParser(onFrame, { reads: 'responses' });
  return {
    name: `${name}, one by one`,
    unit: 'document',
    steps: documents.length,
    run() {
      sum = 0;
      answers.copy(chunk);
      parser.push(chunk);
      return sum;
    },
  };
}

function byRuns(name: string, documents: readonly string[], operation: Operation): MicroCase {
  const answers = answersTo(documents);
  const chunk = Buffer.from(answers);
  let sum = 0;
  const owner = {
    slots: { find: () => operation, isShared: () => false },
    answered: () => operation,
    succeeded(_operation: Operation, result: Result) {
      sum += consumed(result);
    },
    unreadable(_operation: Operation, _status: number, error: unknown) {
      throw error;
    },
  };
  const run = new JsonRun(owner as unknown as Owner, Buffer.from([1, 2, 3, 4]));
  const onFrame = (frame: Frame): void => {
    if (!run.takes(frame)) sum += consumed(valueResult(operation, frame));
  };
  const parser = new FrameParser(onFrame, { reads: 'responses' });
  return {
    name: `${name}, by runs`,
    unit: 'document',
    steps: documents.length,
    run() {
      sum = 0;
      answers.copy(chunk);
      run.begin(chunk);
      parser.push(chunk);
      return sum;
    },
  };
}
