const { relative, sep } = require('node:path');
const { default: Sequencer } = require('@jest/test-sequencer');
const slowFiles = require('./slow-files.cjs');

/** Starts the slow tests first where nothing is known of former runs, so that no worker is left with one at the end. */
module.exports = class SlowFirst extends Sequencer {
  sort(tests) {
    const known = super.sort([...tests]);
    return known.every(({ duration }) => duration === undefined)
      ? known.sort((a, b) => placeOf(a) - placeOf(b))
      : known;
  }
};

function placeOf({ path, context }) {
  const file = relative(context.config.rootDir, path).split(sep).join('/');
  const place = slowFiles.findIndex((beginning) => file.startsWith(beginning));
  return place < 0 ? slowFiles.length : place;
}
