/** Bytes of an emitted key as JSON; the server takes less than this. Source: couchbase/couchdb, mapreduce.cc. */
export const KEY_BYTES_MAX = 4096;

/** Characters of a log message that are kept. Source: couchbase/couchdb, mapreduce.cc. */
export const LOG_CHARACTERS_MAX = 1024;

/**
 * What runs in a sandbox before anything of a user's: the functions that map and reduce functions may call, and the two
 * that the host calls. It works on local copies of what it needs, as user code may overwrite every global.
 *
 * The host gets plain lines back, because nothing is cheaper to take apart and JSON has no line breaks of its own:
 * for each document and each map function a line with the number of rows and then two lines a row, key and value; or a
 * line `!` with the error as a JSON string. After the last document come the lines that were logged, `document,message`.
 */
export const PRELUDE = `(() => {
  'use strict';
  const { parse, stringify } = JSON;
  const text = String;
  const ErrorType = Error;
  const functions = [];
  let rows = '';
  let rowCount = -1;
  let logged = '';
  let documentIndex = 0;

  const toText = (value) => {
    const json = stringify(value);
    return json === undefined ? 'null' : json;
  };

  const describe = (error) => {
    try {
      return text(error);
    } catch {
      return 'runtime error';
    }
  };

  const isLong = (json) => {
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
    const bytes = isLong(keyText);
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

  const define = (candidate) => {
    if (typeof candidate !== 'function') return -1;
    functions[functions.length] = candidate;
    return functions.length - 1;
  };

  const map = (documents, first, count) => {
    const entries = parse(documents);
    let answer = '';
    logged = '';
    for (documentIndex = 0; documentIndex < entries.length; documentIndex++) {
      const entry = entries[documentIndex];
      for (let index = first; index < first + count; index++) {
        const mapFunction = functions[index];
        rows = '';
        rowCount = 0;
        try {
          mapFunction(entry[0], entry[1]);
          answer += rowCount + '\\n' + rows;
        } catch (error) {
          answer += '!' + stringify(describe(error)) + '\\n';
        }
        rowCount = -1;
      }
    }
    rows = '';
    return answer + logged;
  };

  const reduce = (index, input) => {
    const reduceFunction = functions[index];
    const { keys, values } = parse(input);
    logged = '';
    try {
      return toText(reduceFunction(keys, values, keys === null));
    } catch (error) {
      throw new ErrorType(describe(error));
    }
  };

  return { define, map, reduce };
})()`;
