/** Limit of the size of an emitted key as JSON, in bytes; the server takes less than this. Source: couchbase/couchdb, mapreduce.cc. */
export const KEY_BYTES_MAX = 4096;

/** Maximum length of a log message, in characters. Source: couchbase/couchdb, mapreduce.cc. */
export const LOG_CHARACTERS_MAX = 1024;

/**
 * What runs in a realm before anything of a user's: the functions that map and reduce functions may call, and the
 * function that the thread calls, `(command, …texts) => text`. It works on local copies of what it needs, as user code
 * may overwrite every global.
 *
 * The answers are plain lines, because nothing is cheaper to take apart and JSON has no line breaks of its own. A line
 * that begins with `!` has an error, as a JSON string.
 *
 *     define   source                        nothing, or a line with the error
 *     map      count, [[document, meta], …]  for each document, and for each of the first `count` functions: the number
 *                                            of rows, and two lines a row, key and value; or an error. At the end what
 *                                            was logged: number of the document, comma, message as a JSON string.
 *     reduce   [[keys or null, values], …]   for each pair what the first function makes of it, or an error
 */
export const PRELUDE = `(() => {
  'use strict';
  const { parse, stringify } = JSON;
  const text = String;
  const evaluate = eval;
  const functions = [];
  let rows = '';
  let rowCount = -1;
  let logged = '';
  let documentIndex = 0;

  const toText = (value) => {
    const json = stringify(value);
    return json === undefined ? 'null' : json;
  };

  const errorLine = (error) => {
    try {
      return '!' + stringify(text(error)) + '\\n';
    } catch {
      return '!"runtime error"\\n';
    }
  };

  /** The bytes of a key that is too long, else 0. */
  const excess = (json) => {
    if (json.length * 3 < ${KEY_BYTES_MAX}) return 0;
    let bytes = json.length;
    for (let index = 0; index < json.length; index++) {
      if (json[index] >= '\\u0080') bytes++;
      if (json[index] >= '\\u0800' && (json[index] < '\\ud800' || json[index] >= '\\ue000')) bytes++;
    }
    return bytes < ${KEY_BYTES_MAX} ? 0 : bytes;
  };

  globalThis.emit = (key, value) => {
    if (rowCount < 0) return;
    const keyText = toText(key);
    const bytes = excess(keyText);
    if (bytes > 0) throw 'too long key emitted: ' + bytes + ' bytes';
    rows += keyText + '\\n' + toText(value) + '\\n';
    rowCount++;
  };

  globalThis.log = (message) => {
    let line = 'Error while logging:Log value is not a string';
    if (typeof message === 'string') {
      line = message;
      if (message.length > ${LOG_CHARACTERS_MAX}) {
        line = 'Truncated: ';
        for (let index = 0; index < ${LOG_CHARACTERS_MAX}; index++) line += message[index];
      }
    }
    logged += documentIndex + ',' + stringify(line) + '\\n';
  };

  globalThis.sum = (values) => {
    let total = 0;
    for (let index = 0; index < values.length; index++) total += values[index];
    return total;
  };

  globalThis.dateToArray = (value) => {
    const date = value.getUTCDate ? value : new Date(value);
    if (!isFinite(date.valueOf())) return null;
    return [
      date.getUTCFullYear(),
      date.getUTCMonth() + 1,
      date.getUTCDate(),
      date.getUTCHours(),
      date.getUTCMinutes(),
      date.getUTCSeconds(),
    ];
  };

  const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  globalThis.decodeBase64 = (encoded) => {
    if (typeof encoded !== 'string') throw 'Input is not a string';
    if (encoded.length % 4 > 0) throw 'Invalid base64 source.';
    const bytes = [];
    for (let index = 0; index < encoded.length; index += 4) {
      let group = 0;
      let padding = 0;
      for (let digit = 0; digit < 4; digit++) {
        const character = encoded[index + digit];
        if (character === '=') padding++;
        group = (group << 6) | (character === '=' ? 0 : DIGITS.indexOf(character));
      }
      bytes.push((group >> 16) & 255);
      if (padding < 2) bytes.push((group >> 8) & 255);
      if (padding < 1) bytes.push(group & 255);
    }
    return bytes;
  };

  const define = (source) => {
    try {
      const candidate = evaluate('(' + source + '\\n)');
      if (typeof candidate !== 'function') throw 'Invalid function: ' + source;
      functions[functions.length] = candidate;
      return '';
    } catch (error) {
      return errorLine(error);
    }
  };

  const map = (count, documents) => {
    const entries = parse(documents);
    let answer = '';
    logged = '';
    for (documentIndex = 0; documentIndex < entries.length; documentIndex++) {
      const entry = entries[documentIndex];
      for (let index = 0; index < count; index++) {
        const mapFunction = functions[index];
        rows = '';
        rowCount = 0;
        try {
          mapFunction(entry[0], entry[1]);
          answer += rowCount + '\\n' + rows;
        } catch (error) {
          answer += errorLine(error);
        }
        rowCount = -1;
      }
    }
    rows = '';
    return answer + logged;
  };

  const reduce = (jobs) => {
    const inputs = parse(jobs);
    const [reduceFunction] = functions;
    let answer = '';
    logged = '';
    for (let index = 0; index < inputs.length; index++) {
      const input = inputs[index];
      try {
        answer += toText(reduceFunction(input[0], input[1], input[0] === null)) + '\\n';
      } catch (error) {
        answer += errorLine(error);
      }
    }
    return answer;
  };

  return (command, first, second) => {
    if (command === 'define') return define(first);
    return command === 'map' ? map(+first, second) : reduce(first);
  };
})()`;
